using Kontor.Platform.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kontor.Platform.Access;

/// <summary>Deny by default: who is calling, and may they.</summary>
public static class AccessDoor
{
    /// <summary>Registers the bearer scheme and a fallback policy that refuses everyone at an endpoint which names no
    /// access rule. Until someone registers a <see cref="CheckToken"/>, no token is trusted.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CheckToken>((_, _) => ValueTask.FromResult<VerifiedToken?>(null));
        services.TryAddSingleton<KnownTokens>();
        services
            .AddAuthentication(KontorBearer.Name)
            .AddScheme<AuthenticationSchemeOptions, KontorBearer>(KontorBearer.Name, null);
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Verdict>();
        return services;
    }

    /// <summary>Puts the first question into the pipeline; <c>UseAuthorization</c> asks the second.</summary>
    public static void UseCallers(this WebApplication app)
    {
        // Not UseAuthentication: it asks every protocol handler (OpenIddict's too) at every request, which costs more
        // than the token's check; those run inside their own endpoints. The mark keeps WebApplication from adding it.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        app.Use(Recognise);
    }

    static async Task Recognise(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.Authorization.Count > 0)
        {
            var result = await http.AuthenticateAsync(KontorBearer.Name);
            if (result.Principal is { } caller)
                http.User = caller;
        }
        await next(http);
    }
}

/// <summary>Where there is no endpoint, a stranger learns 404 and 405 like everyone; nothing behind this wall answers
/// without an endpoint, so what no test can list does not exist.</summary>
sealed class Verdict : IAuthorizationMiddlewareResultHandler
{
    readonly AuthorizationMiddlewareResultHandler usual = new();

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    ) =>
        context.GetEndpoint() switch
        {
            null => Problems.Write(context, Refusals.RouteNotFound),
            // Made by routing itself to say 405 or 415: it has no route and no metadata.
            { Metadata.Count: 0 } and not RouteEndpoint => next(context),
            _ => usual.HandleAsync(next, context, policy, authorizeResult),
        };
}
