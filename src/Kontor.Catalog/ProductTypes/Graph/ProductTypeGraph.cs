using System.Text.Json;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.ProductTypes.Graph;

sealed class ProductTypeGraph : ObjectGraphType<ProductTypeView>
{
    public ProductTypeGraph()
    {
        Name = "ProductType";
        Description = "What products of a kind have.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it; never changes.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its definitions from 1.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<DefinitionGraph>>>>("attributes")
            .Description("What its products, and their variants, have.")
            .CountedAs(10);
        Field<MigrationGraph>("migration")
            .Description(
                "The migration that runs; null where none does, and for callers without the scope catalog:read."
            );
    }
}

sealed class DefinitionGraph : ObjectGraphType<AttributeDefinition>
{
    public DefinitionGraph()
    {
        Name = "AttributeDefinition";
        Description = "An attribute that products of a type, or their variants, have.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Unique in the type.");
        Field<NonNullGraphType<StringGraphType>>("kind")
            .Resolve(at => Word(at.Source.Kind))
            .Description("What a value is, in the words of REST.");
        Field<StringGraphType>("title").Description("What people call it; the key where null.");
        Field<NonNullGraphType<StringGraphType>>("level")
            .Resolve(at => Word(at.Source.Level))
            .Description("product or variant: which of them has it.");
        Field<NonNullGraphType<BooleanGraphType>>("list").Description("Whether it is a list of such values.");
        Field<NonNullGraphType<BooleanGraphType>>("required").Description("A product without it is refused.");
        Field<NonNullGraphType<BooleanGraphType>>("unique").Description("No two have the same value.");
        Field<ListGraphType<NonNullGraphType<StringGraphType>>>("values").Description("What an enum can be.");
        Field<StringGraphType>("unit").Description("The unit of a measure.");
        Field<StringGraphType>("to")
            .Resolve(at => at.Source.To is { } to ? Word(to) : null)
            .Description("What a reference names: product or category.");
        Field<ListGraphType<NonNullGraphType<StringGraphType>>>("index")
            .Resolve(at => at.Source.Index?.Select(Word).ToList())
            .Description("What it is kept ready for.");
        Field<NonNullGraphType<JsonGraph>>("definition")
            .Resolve(at => JsonSerializer.SerializeToElement(at.Source, KontorJson.Options))
            .Description("All of it, as REST has it, with its bounds and its default.");
    }

    internal static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

sealed class MigrationGraph : ObjectGraphType<MigrationView>
{
    public MigrationGraph()
    {
        Name = "ProductTypeMigration";
        Description = "A migration of a type's products from one definition to the next.";
        Field<NonNullGraphType<IdGraphType>>("id");
        Field<NonNullGraphType<StringGraphType>>("state").Description("filling, tidying or undoing.");
        Field<NonNullGraphType<LongGraphType>>("fromVersion").Description("The version that it began with.");
        Field<NonNullGraphType<LongGraphType>>("products").Description("How many there were at its start.");
        Field<NonNullGraphType<LongGraphType>>("converted").Description("How many of them are converted.");
        Field<NonNullGraphType<LongGraphType>>("tidied")
            .Description("How many of them are rid of what was shown before.");
        Field<NonNullGraphType<DateTimeOffsetGraphType>>("startedAt");
    }
}

sealed class ProductTypeSummaryGraph : ObjectGraphType<ProductTypeSummary>
{
    public ProductTypeSummaryGraph()
    {
        Name = "ProductTypeSummary";
        Description = "A product type in a list; productType shows its attributes.";
        Field<NonNullGraphType<StringGraphType>>("key").Description("Its owner's name for it; never changes.");
        Field<NonNullGraphType<StringGraphType>>("title").Description("What it is called.");
        Field<NonNullGraphType<LongGraphType>>("version").Description("Counts its definitions from 1.");
    }
}

sealed class ProductTypePageGraph()
    : ConnectionGraph<ProductTypeSummary, ProductTypeSummaryGraph>("ProductTypeConnection", "A page of product types.");
