using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontor.Platform.Neighbours;

/// <summary>The access token that this process shows to its neighbours: asked of Identity by client credentials (RFC 6749
/// §4.4), kept until shortly before its end, asked for once however many calls wait for it.</summary>
public sealed class ServiceToken(NeighbourSettings settings, IHttpClientFactory clients, TimeProvider clock)
    : IDisposable
{
    /// <summary>The plain client that reaches Identity; it carries no token itself.</summary>
    public const string Client = "identity-token";

    /// <summary>Renewed so long before its end that no request on its way outlives it.</summary>
    static readonly TimeSpan Early = TimeSpan.FromSeconds(60);

    readonly SemaphoreSlim asking = new(1, 1);
    Held? held;

    public async ValueTask<string> Get(CancellationToken stop)
    {
        if (Fresh() is { } ready)
            return ready;
        await asking.WaitAsync(stop);
        try
        {
            if (Fresh() is { } others)
                return others;
            held = await Ask(stop);
            return held.Token;
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Drops a token that a neighbour refused, unless a newer one has taken its place.</summary>
    public void Refused(string token)
    {
        if (held is { } mine && mine.Token == token)
            Interlocked.CompareExchange(ref held, null, mine);
    }

    public void Dispose() => asking.Dispose();

    string? Fresh() => held is { } mine && clock.GetUtcNow() < mine.Until - Early ? mine.Token : null;

    async Task<Held> Ask(CancellationToken stop)
    {
        var (id, secret) = ReadCredentials();
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", id),
            new("client_secret", secret),
        ]);
        using var http = clients.CreateClient(Client);
        using var answer = await http.PostAsync(new Uri("connect/token", UriKind.Relative), form, stop);
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
            throw new HttpRequestException(
                $"Identity refuses the client of {NeighbourSettings.Credentials}; make one with `kontor clients add`.",
                null,
                answer.StatusCode
            );
        answer.EnsureSuccessStatusCode();
        var given =
            await answer.Content.ReadFromJsonAsync<Given>(stop)
            ?? throw new HttpRequestException("Identity answered without a token.");
        return new(given.AccessToken, clock.GetUtcNow() + TimeSpan.FromSeconds(given.ExpiresIn));
    }

    /// <summary>Read anew each time, so that a changed secret is taken up without a restart.</summary>
    (string Id, string Secret) ReadCredentials()
    {
        var file =
            settings.CredentialsFile
            ?? throw new InvalidOperationException($"{NeighbourSettings.Credentials} is not set.");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return (
            json.RootElement.GetProperty("client_id").GetString()!, // A file without them is found by its first use.
            json.RootElement.GetProperty("client_secret").GetString()!
        );
    }

    sealed record Held(string Token, DateTimeOffset Until);

    sealed record Given(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("expires_in")] int ExpiresIn
    );
}

/// <summary>Puts the service token on every call; a token that is refused is asked for anew, once.</summary>
sealed class WithServiceToken(ServiceToken tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var token = await tokens.Get(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
            return answer;
        // The key was changed, or the client made anew. Bodies of our calls are in memory and can be sent again.
        tokens.Refused(token);
        var fresh = await tokens.Get(cancellationToken);
        if (fresh == token)
            return answer;
        answer.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", fresh);
        return await base.SendAsync(request, cancellationToken);
    }
}
