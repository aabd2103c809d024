using GraphQL.Types;
using Kontor.Catalog.Products;
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

    public static void Field(ObjectGraphType<VariantView> variant) =>
        variant
            .Field<ListGraphType<NonNullGraphType<BundleComponentGraph>>>("components")
            .Resolve(at => at.Source.Components)
            .Description("What a bundle is made of; null where the variant is none.");
}
