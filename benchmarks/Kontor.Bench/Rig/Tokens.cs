using System.Text.Json;
using Kontor.Host.Serving;
using Kontor.Identity.Clients;
using Kontor.Platform.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Bench.Rig;

/// <summary>Access to a server in this process.</summary>
static class Tokens
{
    /// <summary>A token with every scope, of a client made for it.</summary>
    public static async Task<string> FirstToken(this KontorServer server, HttpClient http, CancellationToken stop)
    {
        var client = (await server.Services.GetRequiredService<ApiClients>().Add("bench", Scopes.All, stop)).Value;
        using var ask = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", client.ClientId),
            new("client_secret", client.ClientSecret),
        ]);
        using var answer = await http.PostAsync(new Uri($"{server.Urls.First()}/connect/token"), ask, stop);
        answer.EnsureSuccessStatusCode();
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
        return token.RootElement.GetProperty("access_token").GetString()!;
    }
}
