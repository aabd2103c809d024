using Kontor.Identity.Clients;
using Kontor.Identity.Tokens;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Identity;

/// <summary>The user service's table of contents. The host registers the <see cref="IdentityDatabase"/>.</summary>
public static class FrontDoor
{
    public static IServiceCollection AddIdentity(this IServiceCollection services, IdentitySettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<SigningKey>();
        services.AddSingleton<OwnTokens>();
        services.AddSingleton<CheckToken>(provider =>
        {
            var own = provider.GetRequiredService<OwnTokens>();
            return (token, _) => own.Check(token);
        });
        services.AddSingleton<ApiClients>();
        Protocol.Add(services, settings);
        return services;
    }

    /// <summary>What a process without Identity needs to know callers: Identity's published keys, fetched over HTTP.</summary>
    public static IServiceCollection AddTokenCheck(this IServiceCollection services, IdentitySettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<FetchedKeys>();
        services.AddSingleton<CheckToken>(provider =>
        {
            var keys = provider.GetRequiredService<FetchedKeys>();
            return keys.Check;
        });
        return services;
    }

    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        const string PublicFacts = "clients find the doors and check tokens by it";
        var protocol = Protocol.Pipeline(routes);
        routes
            .MapPost(Protocol.TokenPath, protocol)
            .WithName("getToken")
            .WithMetadata(new RouteClass(RouteClass.Token))
            .OpenToAll("the client proves itself in the request");
        routes.MapGet(Protocol.DiscoveryPath, protocol).WithName("discoverOpenId").OpenToAll(PublicFacts);
        routes.MapGet(Protocol.MetadataPath, protocol).WithName("discoverOAuth").OpenToAll(PublicFacts);
        routes.MapGet(Protocol.KeysPath, protocol).WithName("listSigningKeys").OpenToAll(PublicFacts);
    }
}
