using GraphQL.Types;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Options;

/// <summary>An option in GraphQL.</summary>
sealed class OptionGraph : ObjectGraphType<ProductOption>
{
    public OptionGraph()
    {
        Name = "ProductOption";
        Description = "An axis along which the variants of a product differ.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Unique among the options of the product.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<OptionValueGraph>>>>("values")
            .Description("What a variant may have of it, in the owner's order.")
            .CountedAs(20);
    }

    public static void Field<T>(ObjectGraphType<T> product, Func<T, IReadOnlyList<ProductOption>> of) =>
        product
            .Field<NonNullGraphType<ListGraphType<NonNullGraphType<OptionGraph>>>>("options")
            .Description("The axes along which its variants differ, in the owner's order.")
            .Resolve(at => of(at.Source));

    public static void Field<T>(ObjectGraphType<T> variant, Func<T, IReadOnlyDictionary<string, string>?> of) =>
        variant
            .Field<NonNullGraphType<ListGraphType<NonNullGraphType<VariantOptionGraph>>>>("options")
            .Description("Its value of each option of the product, in their order.")
            .Resolve(at => of(at.Source)?.ToList() ?? []);
}

sealed class OptionValueGraph : ObjectGraphType<OptionValue>
{
    public OptionValueGraph()
    {
        Name = "ProductOptionValue";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Unique among the values of its option.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
    }
}

sealed class VariantOptionGraph : ObjectGraphType<KeyValuePair<string, string>>
{
    public VariantOptionGraph()
    {
        Name = "VariantOption";
        Description = "What a variant has of an option.";
        Field<NonNullGraphType<StringGraphType>>("option")
            .Resolve(at => at.Source.Key)
            .Description("The option's key.");
        Field<NonNullGraphType<StringGraphType>>("value")
            .Resolve(at => at.Source.Value)
            .Description("The value's key.");
    }
}
