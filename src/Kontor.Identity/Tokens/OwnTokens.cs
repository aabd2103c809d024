using Kontor.Platform.Access;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tokens;

/// <summary>Checks an access token with the installation's own key, without asking anyone.</summary>
sealed class OwnTokens(SigningKey key, IdentitySettings settings, TimeProvider clock)
{
    readonly Lazy<TokenValidationParameters> rules = new(() => TokenRules.Of([key.Current], settings.Issuer, clock));

    public ValueTask<VerifiedToken?> Check(string token) => TokenRules.Check(token, rules.Value);
}
