namespace Kontor.Identity;

/// <summary>What the installation decides about identity.</summary>
/// <param name="KeyFolder">Where the signing key lies; made at the first start. Processes of one installation share it.</param>
/// <param name="Issuer">The public origin of the installation, <c>https://api.example.com</c>, which stands in every token
/// and in discovery. Null: the address that the caller used, good on one machine.</param>
public sealed record IdentitySettings(string KeyFolder, Uri? Issuer = null)
{
    public Uri? Issuer { get; } = Issuer is null ? null : Checked(Issuer);

    /// <summary>An origin without a path: the doors are at its root. Plain http only on this machine, because client
    /// secrets and tokens travel to it in the clear.</summary>
    static Uri Checked(Uri issuer)
    {
        var secure =
            issuer.IsAbsoluteUri && (issuer.Scheme == "https" || (issuer.Scheme == "http" && issuer.IsLoopback));
        if (!secure || issuer.PathAndQuery != "/" || issuer.Fragment.Length > 0 || issuer.UserInfo.Length > 0)
            throw new ArgumentException(
                $"Identity:Issuer is '{issuer}'; it must be an origin such as https://api.example.com, with plain http only on localhost.",
                nameof(issuer)
            );
        return issuer;
    }
}
