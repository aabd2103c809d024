using System.Text.Json;
using Kontor.Platform.Access;
using Kontor.Platform.Neighbours;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tokens;

/// <summary>Checks access tokens where Identity runs in another process: by the keys that it publishes (JWKS, RFC 7517).</summary>
/// <remarks>Keys are fetched when a token names one that is not known, at most every 10 s, so that invented names cost
/// Identity nothing. While Identity is away the known keys go on: everybody who has a token is served.</remarks>
sealed partial class FetchedKeys(
    IHttpClientFactory clients,
    IdentitySettings settings,
    TimeProvider clock,
    ILogger<FetchedKeys> log
) : IDisposable
{
    static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim fetching = new(1, 1);
    Known known = new([], TokenRules.Of([], settings.Issuer, clock));
    DateTimeOffset asked = DateTimeOffset.MinValue;

    /// <exception cref="NeighbourAwayException">No key is known at all, and Identity cannot be asked.</exception>
    public async ValueTask<VerifiedToken?> Check(string token, CancellationToken stop)
    {
        if (TokenRules.KeyOf(token) is not { } name)
            return null;
        if (!known.Names.Contains(name, StringComparer.Ordinal))
            await Fetch(name, stop);
        return await TokenRules.Check(token, known.Rules);
    }

    public void Dispose() => fetching.Dispose();

    async Task Fetch(string name, CancellationToken stop)
    {
        await fetching.WaitAsync(stop);
        try
        {
            var now = clock.GetUtcNow();
            if (known.Names.Contains(name, StringComparer.Ordinal) || (known.Names.Count > 0 && now < asked + Between))
                return;
            asked = now;
            using var http = clients.CreateClient(ServiceToken.Client);
            var set = new JsonWebKeySet(await http.GetStringAsync(new Uri(".well-known/jwks", UriKind.Relative), stop));
            IReadOnlyList<SecurityKey> keys = [.. set.GetSigningKeys()];
            known = new([.. keys.Select(key => key.KeyId)], TokenRules.Of(keys, settings.Issuer, clock));
            LogFetched(keys.Count);
        }
        catch (Exception away) when (!stop.IsCancellationRequested && IsAway(away))
        {
            if (known.Names.Count == 0)
                throw new NeighbourAwayException("identity", away);
            LogAway(away.Message);
        }
        finally
        {
            fetching.Release();
        }
    }

    static bool IsAway(Exception failure) =>
        failure is HttpRequestException or OperationCanceledException or JsonException or ArgumentException;

    sealed record Known(IReadOnlyList<string> Names, TokenValidationParameters Rules);

    [LoggerMessage(1, LogLevel.Information, "{Count} signing keys fetched from Identity")]
    partial void LogFetched(int count);

    [LoggerMessage(2, LogLevel.Warning, "Identity does not answer; the known signing keys go on: {Reason}")]
    partial void LogAway(string reason);
}
