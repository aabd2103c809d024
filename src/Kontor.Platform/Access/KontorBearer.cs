using System.Text.Encodings.Web;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kontor.Platform.Access;

/// <summary>The one way to present an access token: <c>Authorization: Bearer …</c> (RFC 6750), never the URL or a form,
/// which end up in logs and histories.</summary>
public sealed class KontorBearer(
    KnownTokens tokens,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The name of the authentication scheme.</summary>
    public const string Name = "KontorBearer";

    public const string ScopeClaim = "scope";
    public const string SubjectClaim = "sub";

    /// <summary>What every access token is for; a token made for another audience is refused.</summary>
    public const string Audience = "kontor";

    const string Prefix = "Bearer ";
    static readonly AuthenticateResult Untrusted = AuthenticateResult.Fail("The access token is not to be trusted.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0 || header[0]?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) is not true)
            return AuthenticateResult.NoResult();
        if (header.Count > 1)
            return Untrusted;

        var verified = await tokens.Find(header[0]![Prefix.Length..].Trim(), Context.RequestAborted);
        return verified is null
            ? Untrusted
            : AuthenticateResult.Success(new AuthenticationTicket(verified.Caller, Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // A caller who brought no token is told only the scheme; one whose token failed also that it did (RFC 6750 §3.1).
        var brought = (await HandleAuthenticateOnceAsync()).Failure is not null;
        Response.Headers.WWWAuthenticate = brought
            ? "Bearer realm=\"kontor\", error=\"invalid_token\""
            : "Bearer realm=\"kontor\"";
        await Problems.Write(
            Context,
            brought
                ? Refusals.Unauthenticated.Because("The access token is expired, altered or not from here.")
                : Refusals.Unauthenticated
        );
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var missing = string.Join(' ', MissingScopes());
        if (missing.Length == 0)
            return Problems.Write(Context, Refusals.Forbidden);

        Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"kontor\", error=\"insufficient_scope\", scope=\"{missing}\"";
        return Problems.Write(Context, Refusals.Forbidden.Because($"The access token lacks the scope {missing}."));
    }

    IEnumerable<string> MissingScopes() =>
        (Context.GetEndpoint()?.Metadata.GetOrderedMetadata<AccessRule>() ?? [])
            .Where(rule => rule.Kind == AccessKind.Scope && !Context.User.HasScope(rule.What))
            .Select(rule => rule.What)
            .Distinct(StringComparer.Ordinal);
}
