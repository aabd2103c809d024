using GraphQL.Types;
using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Bundles;

/// <summary>What is in a bundle, in GraphQL.</summary>
sealed class BundleComponentGraph : ObjectGraphType<BundleComponent>
{
    public BundleComponentGraph()
    {
        Name = "BundleComponent";
        Description = "Pieces of a variant that are in one bundle.";
        Field<NonNullGraphType<StringGraphType>>("sku").Resolve(at => at.Source.Sku).Description("The component.");
        Field<NonNullGraphType<IntGraphType>>("quantity").Resolve(at => at.Source.Quantity);
    }

    /// <param name="of">What the thing is made of; null where it is no bundle.</param>
    public static void Field<T>(ObjectGraphType<T> variant, Func<T, IReadOnlyList<BundleComponent>?> of) =>
        variant
            .Field<ListGraphType<NonNullGraphType<BundleComponentGraph>>>("components")
            .Resolve(at => of(at.Source))
            .Description("What a bundle is made of; null where the variant is none.");
}
