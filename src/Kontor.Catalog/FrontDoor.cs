using Kontor.Catalog.Availability;
using Kontor.Catalog.Bulk;
using Kontor.Catalog.Bundles;
using Kontor.Catalog.Caching;
using Kontor.Catalog.Categories;
using Kontor.Catalog.Channels;
using Kontor.Catalog.CustomerGroups;
using Kontor.Catalog.Deliveries;
using Kontor.Catalog.Demo;
using Kontor.Catalog.Exports;
using Kontor.Catalog.GraphqlDocuments;
using Kontor.Catalog.Imports;
using Kontor.Catalog.Imports.Doors;
using Kontor.Catalog.Imports.Schedules;
using Kontor.Catalog.Inventory;
using Kontor.Catalog.Links;
using Kontor.Catalog.Locations;
using Kontor.Catalog.Media;
using Kontor.Catalog.Merchandising;
using Kontor.Catalog.PriceLists;
using Kontor.Catalog.Prices;
using Kontor.Catalog.ProductMedia;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Catalog.Relations;
using Kontor.Catalog.Search;
using Kontor.Catalog.Search.Asked;
using Kontor.Catalog.Search.Beside;
using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Following;
using Kontor.Catalog.Search.Graph;
using Kontor.Catalog.Stock;
using Kontor.Catalog.Texts;
using Kontor.Catalog.Variants;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kontor.Catalog;

/// <summary>The product service: what it offers, feature by feature.</summary>
public static class FrontDoor
{
    /// <summary>Needs, from whoever composes it: <see cref="CatalogDatabase"/>, <see cref="MediaPlace"/>, the KeyRing. Follows the orders
    /// where an IEventFeed with the key <see cref="OrdersFollowed.Feed"/> is registered.</summary>
    public static void AddCatalog(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddSingleton<StockDesk>();
        services.AddHostedService(provider => provider.GetRequiredService<StockDesk>());
        services.AddHostedService<EndOverdue>();
        services.AddHostedService<OrdersFollowed>();
        services.AddSingleton<ICatalog, CatalogForOrdering>();
        AddSearch(services);
        services.AddImports();
        services.AddSingleton<ProductExport>();
        services.AddSingleton(provider => Languages.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<TypeBook>();
        services.AddHostedService<MigrateProducts>();
        services.AddSingleton(MediaStores.Open);
        services.AddSingleton(MediaStores.Part);
        services.AddSingleton<DarkRoom>();
        services.AddHostedService<SweepLeftovers>();
        services.AddSingleton<DemoCatalogue>();
        services.AddCatalogCache();
        AddFields(services);
    }

    static void AddSearch(IServiceCollection services)
    {
        services.AddSingleton<IProductSearch, FullTextSearch>();
        services.AddSingleton<DocumentReader>();
        services.AddSingleton<SearchStanding>();
        services.AddSingleton<IndexRebuilds>();
        services.AddSingleton(provider => new SearchPlace(
            BesideSettings.Read(provider.GetRequiredService<IConfiguration>())
        ));
        services.AddSingleton<IHostedService>(provider =>
            provider.GetRequiredService<SearchPlace>().Beside is { } beside
                ? ActivatorUtilities.CreateInstance<BesideHost>(provider, beside)
                : ActivatorUtilities.CreateInstance<SearchHost>(provider)
        );
        services.AddSingleton<Searching>();
        services.AddSingleton<ProductCards>();
        services.AddSingleton<SearchDoor>();
        services.AddSingleton(provider => new ReadyPart(
            "the search index",
            () => provider.GetRequiredService<SearchStanding>().Now is not null
        ));
        services.AddSingleton(provider => new HealthPart(
            "search engine",
            provider.GetRequiredService<SearchStanding>().Answers
        ));
    }

    static void AddFields(IServiceCollection services)
    {
        services.AddGraph(query =>
        {
            GetProduct.Field(query);
            ListProducts.Field(query);
            SearchGraph.Fields(query);
            ListCategories.Field(query);
            ShowTree.Field(query);
            ListProductTypes.Field(query);
            ListMedia.Field(query);
            ListPrices.Field(query);
            ListPriceLists.Field(query);
            ListChannels.Field(query);
            ListCustomerGroups.Field(query);
            ListLocations.Field(query);
            ListLevels.Field(query);
            ShowAvailability.Field(query);
        });
        services.AddSingleton(provider => ListDocuments.For(provider.GetRequiredService<CatalogDatabase>()));
        services.AddFieldsOf<ProductView>(ListVariants.Field);
        services.AddFieldsOf<ProductView>(ProductLinks.Fields);
        services.AddFieldsOf<VariantView>(VariantLinks.Field);
    }

    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        // Told to the operator before anything is served.
        _ = routes.ServiceProvider.GetRequiredService<Languages>();
        _ = routes.ServiceProvider.GetRequiredService<SearchPlace>();
        MapProducts(routes);
        MapProductTypes(routes);
        MapMedia(routes);
        MapPrices(routes);
        MapStock(routes);
        SearchProducts.Map(routes.MapApi("/search"));
        MapMerchandising(routes);
        MapImports(routes.MapApi("/imports"));

        var documents = routes.MapApi("/graphql-documents");
        RegisterDocument.Map(documents);
        ListDocuments.Map(documents);
        RemoveDocument.Map(documents);
        SuggestWords.Map(routes.MapApi("/suggest"));
    }

    static void MapMerchandising(IEndpointRouteBuilder routes)
    {
        var synonyms = routes.MapApi("/synonyms");
        SetSynonyms.Map(synonyms);
        ListSynonyms.Map(synonyms);
        RemoveSynonyms.Map(synonyms);

        var rules = routes.MapApi("/search-rules");
        SetSearchRule.Map(rules);
        ListSearchRules.Map(rules);
        RemoveSearchRule.Map(rules);
    }

    static void MapProducts(IEndpointRouteBuilder routes)
    {
        var products = routes.MapApi("/products");
        CreateProduct.Map(products);
        ChangeProduct.Map(products);
        DeleteProduct.Map(products);
        GetProduct.Map(products);
        ListProducts.Map(products);
        ListVariants.Map(products);
        WriteProducts.Map(products);
        ExportProducts.Map(products);
        ShowProductMedia.Map(products);
        SetRelations.Map(products);
        ListRelations.Map(products);

        var categories = routes.MapApi("/categories");
        CreateCategory.Map(categories);
        ListCategories.Map(categories);
        ChangeCategory.Map(categories);
        RemoveCategory.Map(categories);
        OrderProducts.Map(categories);
        ShowTree.Map(routes.MapApi("/category-tree"));
    }

    static void MapStock(IEndpointRouteBuilder routes)
    {
        var offers = routes.MapApi("/offers");
        AskOffers.Map(offers);
        ShowOffers.Map(offers);
        var reservations = routes.MapApi("/reservations");
        ReserveStock.Map(reservations);
        GetReservation.Map(reservations);
        ReleaseReservation.Map(reservations);
        CommitReservation.Map(reservations);

        var locations = routes.MapApi("/locations");
        CreateLocation.Map(locations);
        ChangeLocation.Map(locations);
        ListLocations.Map(locations);

        var stock = routes.MapApi("/stock");
        ListLevels.Map(stock);
        ListMovements.Map(stock);
        RecordCount.Map(stock);
        WriteCounts.Map(stock);
        AdjustStock.Map(stock);
        SetTerms.Map(stock);

        var deliveries = routes.MapApi("/deliveries");
        CreateDelivery.Map(deliveries);
        ShipDelivery.Map(deliveries);
        ReceiveDelivery.Map(deliveries);
        CancelDelivery.Map(deliveries);
        ListDeliveries.Map(deliveries);

        var variants = routes.MapApi("/variants");
        ShowAvailability.Map(variants);
        ExplainAvailability.Map(variants);
        SetComponents.Map(variants);
        GetComponents.Map(variants);
        RemoveComponents.Map(variants);
    }

    static void MapMedia(IEndpointRouteBuilder routes)
    {
        var media = routes.MapApi("/media");
        UploadMedia.Map(media);
        ListMedia.Map(media);
        RemoveMedia.Map(media);
        ServeMedia.Map(media);
    }

    static void MapProductTypes(IEndpointRouteBuilder routes)
    {
        var types = routes.MapApi("/product-types");
        CreateProductType.Map(types);
        ListProductTypes.Map(types);
        ExportJsonSchema.Map(types);
        CheckProductType.Map(types);
        ChangeProductType.Map(types);
        DeleteProductType.Map(types);
        ListMigrations.Map(types);
        CancelMigration.Map(types);
    }

    static void MapPrices(IEndpointRouteBuilder routes)
    {
        var prices = routes.MapApi("/prices");
        SetPrice.Map(prices);
        SetPrices.Map(prices);
        WritePrices.Map(prices);
        ListPrices.Map(prices);
        RemovePrice.Map(prices);
        ExplainPrice.Map(routes.MapApi("/variants"));

        var lists = routes.MapApi("/price-lists");
        SetPriceList.Map(lists);
        ListPriceLists.Map(lists);
        RemovePriceList.Map(lists);

        var channels = routes.MapApi("/channels");
        SetChannel.Map(channels);
        ListChannels.Map(channels);
        RemoveChannel.Map(channels);

        var groups = routes.MapApi("/customer-groups");
        SetCustomerGroup.Map(groups);
        ListCustomerGroups.Map(groups);
        RemoveCustomerGroup.Map(groups);
    }

    static void MapImports(IEndpointRouteBuilder imports)
    {
        CreateImport.Map(imports);
        SendImportFile.Map(imports);
        FetchImportFile.Map(imports);
        SetSchedule.Map(imports);
        ListSchedules.Map(imports);
        MoveImport.Map(imports);
        ListImports.Map(imports);
        ShowQuarantine.Map(imports);
        DownloadRows.Map(imports);
    }
}
