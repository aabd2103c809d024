using Kontor.Ordering.Carts;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Ordering;

/// <summary>The order service: what it needs, and every feature that it has.</summary>
public static class FrontDoor
{
    /// <summary>Needs, from whoever composes it: <see cref="OrderingDatabase"/>, an ICatalog, the InstallationKey.</summary>
    public static IServiceCollection AddOrdering(this IServiceCollection services)
    {
        services.AddValidation();
        services.AddSingleton<Goods>();
        services.AddSingleton<CartDesk>();
        return services;
    }

    public static IEndpointRouteBuilder MapOrdering(this IEndpointRouteBuilder routes)
    {
        var carts = routes.MapApi("/carts");
        CreateCart.Map(carts);
        GetCart.Map(carts);
        AddLine.Map(carts);
        ChangeLine.Map(carts);
        RemoveLine.Map(carts);
        AddressCart.Map(carts);
        return routes;
    }
}
