using System.Collections.Immutable;
using System.Security.Claims;
using Kontor.Identity.Clients;
using Kontor.Platform.Access;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Kontor.Identity.Tokens;

/// <summary>Answers a token request of a client that OpenIddict has authenticated: which scopes the token carries.</summary>
sealed class GiveToken(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var stop = context.CancellationToken;
        var client =
            await clients.FindByClientIdAsync(context.Request.ClientId ?? "", stop)
            ?? throw new InvalidOperationException("The client was authenticated a moment ago.");
        var granted = Decide(await clients.GetPermissionsAsync(client, stop), context.Request.GetScopes());
        if (granted is null)
        {
            context.Reject(Errors.InvalidScope, "The client was not granted one of these scopes.");
            return;
        }

        var identity = new ClaimsIdentity("client_credentials", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, context.Request.ClientId);
        identity.SetScopes(granted);
        identity.SetResources(KontorBearer.Audience);
        identity.SetDestinations(static _ => [Destinations.AccessToken]);
        context.SignIn(new ClaimsPrincipal(identity));
    }

    /// <summary>The scopes asked for; all that the client has when it asks for none (RFC 6749 §3.3 lets us choose a
    /// default); null when it has not all that it asks for: less than was asked would fail later and be harder to find.</summary>
    internal static ImmutableArray<string>? Decide(ImmutableArray<string> permissions, ImmutableArray<string> wanted)
    {
        ImmutableArray<string> granted =
        [
            .. permissions
                .Where(p => p.StartsWith(ApiClients.ScopePermission, StringComparison.Ordinal))
                .Select(p => p[ApiClients.ScopePermission.Length..]),
        ];
        if (wanted.IsEmpty)
            return granted;
        return wanted.Except(granted, StringComparer.Ordinal).Any() ? null : wanted;
    }
}
