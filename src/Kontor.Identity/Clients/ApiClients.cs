namespace Kontor.Identity.Clients;

/// <summary>The programs that may ask for tokens in their own name. Works without HTTP, for the command line.</summary>
/// <remarks>Written by plain SQL in one transaction with the journal; OpenIddict reads the same rows. So neither the first
/// start nor <c>kontor clients</c> waits for Entity Framework to build its model.</remarks>
public sealed partial class ApiClients(IdentityDatabase database, TimeProvider clock)
{
    /// <summary>How OpenIddict writes a granted scope among a client's permissions.</summary>
    internal const string ScopePermission = "scp:";

    static string StreamOf(string clientId) => $"client-{clientId}";
}
