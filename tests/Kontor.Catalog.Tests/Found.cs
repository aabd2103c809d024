using System.Runtime.CompilerServices;

namespace Kontor.Catalog.Tests;

/// <summary>Searches in the tests see what the same caller wrote before: they send the position of the last write back, and
/// ask again while the answer says that it is older.</summary>
static class Found
{
    static readonly ConditionalWeakTable<HttpClient, string> Positions = [];
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static bool IsAbout(string path) =>
        path.StartsWith("/api/v1/search", StringComparison.Ordinal)
        || path.StartsWith("/api/v1/suggest", StringComparison.Ordinal);

    public static void Wrote(HttpClient http, HttpResponseMessage response)
    {
        if (
            response.RequestMessage?.Method != HttpMethod.Get
            && response.Headers.TryGetValues("Kontor-Position", out var positions)
        )
            Positions.AddOrUpdate(http, positions.First());
    }

    /// <summary>As though the caller had written all that was written beside the door.</summary>
    public static async Task InStep(this Shop shop) =>
        Positions.AddOrUpdate(
            shop.Http,
            await shop.Query<string>(
                """
                select 'catalog:' || (select incarnation from incarnations order by ordinal desc limit 1) || '~' || max(id)
                from journal
                """
            )
        );

    public static string? PositionOf(HttpClient http) => Positions.TryGetValue(http, out var known) ? known : null;

    public static async Task<Answer> InStep(HttpClient http, Func<string?, Task<Answer>> ask)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask(PositionOf(http));
            var isBehind =
                answer.Status == 200
                && answer.Json.GetProperty("meta").TryGetProperty("stale", out var stale)
                && stale.GetBoolean();
            if (!isBehind || TimeProvider.System.GetElapsedTime(begun) > Patience)
                return answer;
        }
    }

    /// <summary>The index is loaded beside the door's opening.</summary>
    public static async Task UntilReady(HttpClient http)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // Not by its health, which is remembered for a while.
            using var response = await http.GetAsync("/api/v1/search?limit=1");
            if (response.IsSuccessStatusCode)
                return;
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
                throw new TimeoutException(await response.Content.ReadAsStringAsync());
            await Task.Delay(20);
        }
    }
}
