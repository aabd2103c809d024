using System.Text;
using System.Text.Json;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Words for imports over the door, worked off by the shop's own worker.</summary>
static class ImportWords
{
    public const string Path = "/api/v1/imports";

    public static Caller Importer(this Shop shop) => new(shop.Http) { Token = Scopes.ImportsRun };

    /// <summary>Opens an import with one file, and starts it.</summary>
    public static async Task<string> Begin(
        this Shop shop,
        string supplier,
        IEnumerable<string> lines,
        bool isApproved = true,
        bool withdraws = false,
        long maxFaults = 1_000
    )
    {
        var mapping = new
        {
            supplier,
            withdrawMissing = withdraws,
            maxFaults,
        };
        var opened = (await shop.Importer().Post(Path, new { mapping, approved = isApproved })).Is(201);
        var id = opened.Value("id");
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        (await shop.Importer().Send(HttpMethod.Put, $"{Path}/{id}/files/0?name=feed.ndjson", body)).Is(200);
        (await shop.Importer().Post($"{Path}/{id}/start", "")).Is(200);
        return id;
    }

    /// <summary>Waits until a person is needed again or it has ended.</summary>
    public static async Task<JsonElement> Rested(this Shop shop, string id)
    {
        string[] active = ["staging", "planning", "loading", "withdrawing", "undoing"];
        for (var i = 0; i < 1_200; i++)
        {
            var run = (await shop.Importer().Get($"{Path}/{id}")).Is(200).Data;
            if (!active.Contains(run.GetProperty("state").GetString(), StringComparer.Ordinal))
                return run;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"The import {id} does not come to rest.");
    }

    public static async Task<JsonElement> Import(
        this Shop shop,
        string supplier,
        IEnumerable<string> lines,
        bool isApproved = true,
        bool withdraws = false
    ) => await shop.Rested(await shop.Begin(supplier, lines, isApproved, withdraws));

    public static async Task<JsonElement> Say(this Shop shop, string id, string word)
    {
        (await shop.Importer().Post($"{Path}/{id}/{word}", "")).Is(200);
        return await shop.Rested(id);
    }

    public static string State(this JsonElement run) => run.GetProperty("state").GetString()!;

    /// <summary>Created, changed, unchanged, refused.</summary>
    public static (int, int, int, int) Sums(this JsonElement run, string what = "loaded")
    {
        var sums = run.GetProperty("counts").GetProperty(what);
        return (Count(sums, "created"), Count(sums, "changed"), Count(sums, "unchanged"), Count(sums, "refused"));
    }

    public static int Count(this JsonElement sums, string name) => sums.GetProperty(name).GetInt32();

    public static string Line(string key, string title, long price = 100, long stock = 1) =>
        $$"""{"key":"{{key}}","title":"{{title}}","variants":[{"sku":"S-{{key}}","prices":[{"amount":{{price}},"currency":"EUR"}],"stock":{{stock}}}]}""";

    /// <summary>Events of goods: the import's own are about how far it is.</summary>
    public static Task<long> GoodsJournaled(this Shop shop) =>
        shop.Query<long>("select count(*) from journal where type not like 'import.%'");
}
