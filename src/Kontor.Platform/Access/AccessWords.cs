using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Kontor.Platform.Access;

/// <summary>What an endpoint asks of its caller, for the test that lists every endpoint with its rule.</summary>
public sealed record AccessRule(string Rule);

/// <summary>How an endpoint names its rule; one that names none is refused to everybody.</summary>
public static class AccessWords
{
    /// <summary>Only a token with this scope.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization($"scope:{scope}").WithMetadata(new AccessRule($"scope {scope}"));

    /// <summary>Anybody, for the reason given.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder route, string reason)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new AllowAnonymousAttribute(), new AccessRule($"open: {reason}"));

    /// <summary>Whoever holds a secret that the handler itself checks.</summary>
    public static TBuilder HeldBy<TBuilder>(this TBuilder route, string secret)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new AllowAnonymousAttribute(), new AccessRule($"held by: {secret}"));
}
