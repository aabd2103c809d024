using Kontor.Catalog.Categories;
using Kontor.Catalog.Demo;
using Kontor.Catalog.Imports;
using Kontor.Catalog.Products;
using Kontor.Catalog.Search;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog;

/// <summary>The product service: what it offers, feature by feature.</summary>
public static class FrontDoor
{
    public static void AddCatalog(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddSingleton<ICatalog, CatalogForOrdering>();
        services.AddSingleton<IProductSearch, FullTextSearch>();
        services.AddSingleton<ImportFile>();
        services.AddSingleton<DemoCatalogue>();
        services.AddGraph(query =>
        {
            GetProduct.Field(query);
            ListProducts.Field(query);
        });
    }

    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        var products = routes.MapApi("/products");
        CreateProduct.Map(products);
        ChangeProduct.Map(products);
        GetProduct.Map(products);
        ListProducts.Map(products);

        var categories = routes.MapApi("/categories");
        CreateCategory.Map(categories);
        ListCategories.Map(categories);

        SearchProducts.Map(routes.MapApi("/search"));
    }
}
