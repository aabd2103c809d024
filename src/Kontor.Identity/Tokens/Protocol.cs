using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Kontor.Identity.Tokens;

/// <summary>OAuth 2 as OpenIddict speaks it, and what of it we use.</summary>
static class Protocol
{
    public const int AccessTokenMinutes = 10;

    public const string TokenPath = "/connect/token";
    public const string DiscoveryPath = "/.well-known/openid-configuration";
    public const string MetadataPath = "/.well-known/oauth-authorization-server";
    public const string KeysPath = "/.well-known/jwks";

    public static void Add(IServiceCollection services, IdentitySettings settings)
    {
        services.AddDbContextPool<ProtocolStore>(
            (provider, options) => options.UseNpgsql(provider.GetRequiredService<IdentityDatabase>().Source)
        );
        services
            .AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<ProtocolStore>().ReplaceDefaultEntities<Guid>();
                core.ReplaceApplicationManager<OpenIddictEntityFrameworkCoreApplication<Guid>, ClientLookup>();
            })
            .AddServer(server => Configure(server, settings));
        // When options are first needed, so that no key is read or made before the first token.
        services.AddOptions<OpenIddictServerOptions>().Configure<SigningKey>(UseKeys);
    }

    /// <summary>One request delegate for every path of the protocol: OpenIddict recognises them by itself.</summary>
    /// <remarks>It runs as an endpoint, not in the common pipeline, where it would look at every request of the house.</remarks>
    public static RequestDelegate Pipeline(IEndpointRouteBuilder routes)
    {
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.UseMiddleware<Entrance>();
        pipeline.UseAuthentication();
        pipeline.Run(static http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        return pipeline.Build();
    }

    static void Configure(OpenIddictServerBuilder server, IdentitySettings settings)
    {
        if (settings.Issuer is { } issuer)
            server.SetIssuer(issuer);
        server
            .SetTokenEndpointUris(TokenPath[1..])
            .SetConfigurationEndpointUris(DiscoveryPath[1..], MetadataPath[1..])
            .SetJsonWebKeySetEndpointUris(KeysPath[1..]);
        server.AllowClientCredentialsFlow().SetAccessTokenLifetime(TimeSpan.FromMinutes(AccessTokenMinutes));
        // A token is a signed JWT that any service checks by itself: not encrypted, and no row is written for it. What
        // that costs: it cannot be called back before its ten minutes are over. Refresh tokens will need the rows.
        server.DisableAccessTokenEncryption().DisableTokenStorage().DisableAuthorizationStorage();
        // GiveToken checks the scopes, because an ungranted one is invalid_scope; OpenIddict would look unknown ones up
        // in the database and answer invalid_request.
        server.DisableScopeValidation().IgnoreScopePermissions();
        server.RegisterScopes([.. Platform.Access.Scopes.All]);
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseScopedHandler<GiveToken>());
        server.AddEventHandler<ApplyTokenResponseContext>(handler =>
            handler.UseInlineHandler(SayNoMore).SetOrder(int.MinValue)
        );
        // Entrance decides about plain http: OpenIddict sees only this hop, not the proxy that ended TLS.
        server.UseAspNetCore().DisableTransportSecurityRequirement();
    }

    /// <summary>An unknown client and a wrong secret are answered alike: which clients exist is nobody's business.</summary>
    static ValueTask SayNoMore(ApplyTokenResponseContext context)
    {
        context.Response.ErrorUri = null;
        if (context.Error == Errors.InvalidClient)
            context.Response.ErrorDescription = "The client is unknown, or its secret is wrong.";
        return default;
    }

    static void UseKeys(OpenIddictServerOptions options, SigningKey key)
    {
        options.SigningCredentials.Add(new(key.Current, SecurityAlgorithms.EcdsaSha256));
        // OpenIddict wants one even though nothing that we give out is encrypted; it lives as long as the process.
        options.EncryptionCredentials.Add(
            new(
                new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)),
                SecurityAlgorithms.Aes256KW,
                SecurityAlgorithms.Aes256CbcHmacSha512
            )
        );
        options.Scopes.Remove(OpenIddictConstants.Scopes.OpenId);
    }
}
