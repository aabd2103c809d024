using Kontor.Contracts.Catalog;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kontor.Ordering;

/// <summary>The order service: what it needs, and every feature that it has.</summary>
public static class FrontDoor
{
    /// <summary>Needs, from whoever composes it: <see cref="OrderingDatabase"/>, an ICatalog, the KeyRing.</summary>
    public static IServiceCollection AddOrdering(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddSingleton<Goods>();
        services.AddSingleton<CartDesk>();
        services.AddHostedService<Erasures>();
        services.AddSingleton<Providers>();
        services.TryAddSingleton(provider => CheckoutLimits.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<Submission>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<Till>();
        services.AddSingleton<Counter>();
        services.AddSingleton<Backroom>();
        services.AddHostedService(provider => provider.GetRequiredService<Backroom>());
        services.AddHostedService<Takeover>();
        services.AddSingleton<Hints>();
        return services;
    }

    /// <summary>What <c>kontor verify</c> asks of the orders besides the invariants of their database.</summary>
    public static void AddOrderChecks(this IServiceCollection services) =>
        services.AddSingleton<ICheck, OrdersReplayed>();

    /// <summary>Takes payments of the sandbox provider: no real money, so not for a shop that is open.</summary>
    public static IServiceCollection AddSandboxPayments(this IServiceCollection services, SandboxAccount account)
    {
        services.AddSingleton(account);
        services.AddSingleton<IPaymentProvider, SandboxProvider>();
        return services;
    }

    /// <summary>For a process without Catalog: the neighbour of that name is asked.</summary>
    public static void AddCatalogOverHttp(this IServiceCollection services) =>
        services.AddSingleton<ICatalog, CatalogOverHttp>();

    public static IEndpointRouteBuilder MapOrdering(this IEndpointRouteBuilder routes)
    {
        var carts = routes.MapApi("/carts");
        CreateCart.Map(carts);
        GetCart.Map(carts);
        AddLine.Map(carts);
        ChangeLine.Map(carts);
        RemoveLine.Map(carts);
        AddressCart.Map(carts);
        EraseGuest.Map(carts);
        PlaceOrder.Map(carts);

        ReceiveCallback.Map(routes.MapApi("/payments"));

        var orders = routes.MapApi("/orders");
        ListOrders.Map(orders);
        GetOrder.Map(orders);
        GetOrderEvents.Map(orders);
        return routes;
    }
}
