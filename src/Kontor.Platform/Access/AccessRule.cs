using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Kontor.Platform.Access;

/// <summary>Who may come through an endpoint.</summary>
public enum AccessKind
{
    /// <summary>A caller whose token has the scope.</summary>
    Scope,

    /// <summary>Everyone.</summary>
    OpenToAll,

    /// <summary>Whoever holds a secret that the handler itself checks.</summary>
    HeldBy,
}

/// <summary>The access rule of an endpoint, as metadata: a test lists every endpoint with its rules.</summary>
/// <param name="What">The scope; or why all may; or which secret.</param>
public sealed record AccessRule(AccessKind Kind, string What)
{
    public override string ToString() =>
        Kind switch
        {
            AccessKind.Scope => What,
            AccessKind.OpenToAll => $"open: {What}",
            _ => $"held by: {What}",
        };
}

/// <summary>The three ways in which an endpoint names its policy. One that names none is closed to everyone.</summary>
public static class AccessRules
{
    extension<TBuilder>(TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>Only a token with this scope; used twice, both scopes are needed.</summary>
        public TBuilder RequireScope(string scope)
        {
            if (!Scopes.All.Contains(scope, StringComparer.Ordinal))
                throw new ArgumentException($"There is no scope {scope}.", nameof(scope));

            return endpoints
                .RequireAuthorization(policy => policy.AddRequirements(new ScopeRequirement(scope)))
                .WithMetadata(new AccessRule(AccessKind.Scope, scope));
        }

        /// <summary>Everyone may, for the reason that is written here.</summary>
        public TBuilder OpenToAll(string reason) =>
            endpoints.AllowAnonymous().WithMetadata(new AccessRule(AccessKind.OpenToAll, reason));

        /// <summary>The handler checks a secret itself: <c>cart token</c>.</summary>
        public TBuilder HeldBy(string secret) =>
            endpoints.AllowAnonymous().WithMetadata(new AccessRule(AccessKind.HeldBy, secret));
    }

    extension(ClaimsPrincipal caller)
    {
        public bool HasScope(string scope) => caller.HasClaim(KontorBearer.ScopeClaim, scope);

        /// <summary>The client or person that the token was made for; null for a stranger.</summary>
        public string? Subject => caller.FindFirst(KontorBearer.SubjectClaim)?.Value;
    }
}

sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.HasScope(scope))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
