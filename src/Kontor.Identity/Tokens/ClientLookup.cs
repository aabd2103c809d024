using Kontor.Identity.Clients;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;

namespace Kontor.Identity.Tokens;

/// <summary>OpenIddict's view of the clients, with our hash of their secrets (see <see cref="ClientSecret"/>).</summary>
sealed class ClientLookup(
    IOpenIddictApplicationCache<OpenIddictEntityFrameworkCoreApplication<Guid>> cache,
    ILogger<OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication<Guid>>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<OpenIddictEntityFrameworkCoreApplication<Guid>> store
) : OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication<Guid>>(cache, logger, options, store)
{
    const int MaxClientIdLength = 100;

    /// <summary>An id that no client can have is not looked up: PostgreSQL would throw at U+0000.</summary>
    public override ValueTask<OpenIddictEntityFrameworkCoreApplication<Guid>?> FindByClientIdAsync(
        string identifier,
        CancellationToken cancellationToken = default
    ) =>
        identifier.Length is 0 or > MaxClientIdLength || identifier.Any(char.IsControl)
            ? ValueTask.FromResult<OpenIddictEntityFrameworkCoreApplication<Guid>?>(null)
            : base.FindByClientIdAsync(identifier, cancellationToken);

    protected override ValueTask<string> ObfuscateClientSecretAsync(
        string secret,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(ClientSecret.Hash(secret));

    protected override ValueTask<bool> ValidateClientSecretAsync(
        string secret,
        string comparand,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(ClientSecret.Matches(secret, comparand));
}
