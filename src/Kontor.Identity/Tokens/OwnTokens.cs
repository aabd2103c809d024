using System.Security.Claims;
using Kontor.Platform.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tokens;

/// <summary>Checks an access token with the installation's own key, without asking anyone.</summary>
/// <remarks>The JWT library alone, not OpenIddict.Validation: that would bring its own handler into every request and look
/// up what is at hand. Where Identity runs elsewhere, the same parameters take their keys from its JWKS.</remarks>
sealed class OwnTokens(SigningKey key, IdentitySettings settings, TimeProvider clock)
{
    /// <summary>What two machines' clocks may differ by.</summary>
    static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    readonly Lazy<TokenValidationParameters> rules = new(() => Rules(key.Current, settings.Issuer, clock));

    public async ValueTask<VerifiedToken?> Check(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, rules.Value);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
            return null;

        var identity = new ClaimsIdentity(KontorBearer.Name, KontorBearer.SubjectClaim, "role");
        identity.AddClaim(new(KontorBearer.SubjectClaim, jwt.Subject));
        if (jwt.TryGetPayloadValue<string>(KontorBearer.ScopeClaim, out var scopes))
            foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                identity.AddClaim(new(KontorBearer.ScopeClaim, scope));
        return new(new ClaimsPrincipal(identity), new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero));
    }

    static TokenValidationParameters Rules(SecurityKey key, Uri? issuer, TimeProvider clock) =>
        new()
        {
            // One algorithm and one type: no "none", no HMAC with the public key as secret, no other token in its place.
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = ["at+jwt"],
            IssuerSigningKey = key,
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
}
