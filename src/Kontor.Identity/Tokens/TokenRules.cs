using System.Security.Claims;
using Kontor.Platform.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tokens;

/// <summary>When an access token is to be trusted, and what it says of its caller: the same wherever it is checked.</summary>
/// <remarks>The JWT library alone, not OpenIddict.Validation: that would bring its own handler into every request.</remarks>
static class TokenRules
{
    /// <summary>What two machines' clocks may differ by.</summary>
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    public static TokenValidationParameters Of(IReadOnlyList<SecurityKey> keys, Uri? issuer, TimeProvider clock) =>
        new()
        {
            // One algorithm and one type: no "none", no HMAC with the public key as secret, no other token in its place.
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = ["at+jwt"],
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = false,
            ValidAudience = KontorBearer.Audience,
            // Without a configured issuer a token names the address that its caller used (localhost, 127.0.0.1), and the
            // signature by a key that only we hold is what says that it comes from us.
            ValidateIssuer = issuer is not null,
            ValidIssuer = issuer?.AbsoluteUri,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) =>
                until > clock.GetUtcNow().UtcDateTime && (from is null || from <= clock.GetUtcNow().UtcDateTime + Skew),
        };

    /// <summary>Null when the token is not to be trusted.</summary>
    public static async ValueTask<VerifiedToken?> Check(string token, TokenValidationParameters rules)
    {
        var result = await Handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
            return null;

        var identity = new ClaimsIdentity(KontorBearer.Name, KontorBearer.SubjectClaim, "role");
        identity.AddClaim(new(KontorBearer.SubjectClaim, jwt.Subject));
        if (jwt.TryGetPayloadValue<string>(KontorBearer.ScopeClaim, out var scopes))
            foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                identity.AddClaim(new(KontorBearer.ScopeClaim, scope));
        return new(new ClaimsPrincipal(identity), new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero));
    }

    /// <summary>The name of the key that a token says it is signed with; null of what is no token at all.</summary>
    public static string? KeyOf(string token)
    {
        try
        {
            return Handler.CanReadToken(token) ? Handler.ReadJsonWebToken(token).Kid : null;
        }
        catch (ArgumentException)
        {
            // It has the dots of a token and is none.
            return null;
        }
    }
}
