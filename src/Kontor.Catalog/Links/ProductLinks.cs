using GraphQL.Types;
using Kontor.Catalog.Categories;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Graph;
using Kontor.Platform.Graph;

namespace Kontor.Catalog.Links;

/// <summary>What a product's keys name, as fields of it: one statement for all products of a page.</summary>
static class ProductLinks
{
    public static void Fields(ObjectGraphType<ProductView> product)
    {
        product
            .Field<ProductTypeGraph>("productType")
            .Description("Its product type.")
            .Resolve(at => ListProductTypes.Load(at, at.Source.Type));
        product
            .Field<NonNullGraphType<ListGraphType<NonNullGraphType<CategoryGraph>>>>("inCategories")
            .Description("The categories it stands in.")
            .CountedAs(3)
            .Resolve(at => ListCategories.LoadAll(at, at.Source.Categories, at.Source.Seen.Chain));
    }
}
