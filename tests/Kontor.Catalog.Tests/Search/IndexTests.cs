using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Following;
using Kontor.Catalog.Tests.Bundles;
using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Prices;
using Kontor.Catalog.Tests.ProductTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Catalog.Tests.Search;

/// <summary>What the index is when somebody searches: in step, and not torn down while another is built.</summary>
public sealed class IndexTests(Shop shop) : IClassFixture<Shop>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_write_is_found_by_whoever_sends_its_position_back_and_soon_by_everybody()
    {
        var word = Word();
        var made = await shop.NewProduct(shop.Fresh(), title: $"Tureen {word}");

        var mine = (await shop.Stranger.Get($"/api/v1/search?q={word}")).Is(200);

        Assert.Equal(made.Value("id"), mine.Data[0].GetProperty("id").GetString());
        Assert.Equal(1, mine.Json.GetProperty("meta").GetProperty("total").GetInt32());
        Assert.False(mine.Json.GetProperty("meta").TryGetProperty("stale", out _));
        Assert.Equal(1, await Until(async () => await Count($"q={word}") is 1 and var found ? found : null));
    }

    [Fact]
    public async Task A_position_that_the_index_does_not_reach_is_told_as_stale()
    {
        var far = await shop.Query<string>(
            "select 'catalog:' || incarnation || '.' || 999999999 from incarnations order by ordinal desc limit 1"
        );

        var answer = await shop.Stranger.Send(HttpMethod.Get, "/api/v1/search", null, ("Kontor-Position", far));
        var malformed = await shop.Stranger.Send(
            HttpMethod.Get,
            "/api/v1/search",
            null,
            ("Kontor-Position", "nowhere")
        );

        Assert.True(answer.Is(200).Json.GetProperty("meta").GetProperty("stale").GetBoolean());
        malformed.Refused(400, "POSITION_MALFORMED");
    }

    [Fact]
    public async Task What_is_taken_back_is_not_found_by_strangers()
    {
        var word = Word();
        var made = await shop.NewProduct(shop.Fresh(), title: $"Carafe {word}");
        var path = $"/api/v1/products/{made.Value("id")}";
        async Task<int?> After(string publication)
        {
            (await shop.Staff.Patch(path, $$"""{"publication":{{publication}}}""", "*")).Is(200);
            return await Total($"q={word}");
        }

        Assert.Equal(1, await Total($"q={word}"));
        Assert.Equal(0, await After("""{"state":"draft"}"""));
        Assert.Equal(1, await After("""{"state":"published"}"""));
        Assert.Equal(0, await After("""{"from":"2090-01-01T00:00:00Z"}"""));
        Assert.Equal(0, await After("""{"from":null,"until":"2020-01-01T00:00:00Z"}"""));
        Assert.Equal(1, await After("""{"from":null,"until":null}"""));
        (await shop.Remove(path, "*")).Is(200);
        Assert.Equal(0, await Total($"q={word}"));
        Assert.Empty((await shop.Stranger.Get($"/api/v1/suggest?q={word[..^1]}")).Is(200).Data.EnumerateArray());
    }

    [Fact]
    public async Task Prices_and_preorders_change_at_their_moments_without_an_event()
    {
        var sku = await shop.Sold((1000, "EUR"));
        var begins = TimeProvider.System.GetUtcNow().AddSeconds(2);
        var body = new
        {
            sku,
            price = Counter.Eur(500),
            validFrom = begins,
            validUntil = begins.AddSeconds(3),
        };
        (await shop.Put($"/api/v1/prices/{shop.Fresh("soon")}", body)).Is(201);
        var cheap = $"q={sku}&currency=EUR&filter=price:400..600";

        Assert.Equal(1, await Total($"q={sku}&currency=EUR&filter=price:1000"));
        Assert.Equal(1, await Until(async () => await Count(cheap) is 1 and var found ? found : null));
        Assert.Equal(0, await Until(async () => await Count(cheap) is 0 and var found ? found : null));
    }

    [Fact]
    public async Task A_count_moves_a_variant_among_what_can_be_had_and_a_bundle_with_it()
    {
        var (part, whole) = (shop.Fresh("part"), shop.Fresh("whole"));
        await shop.NewProduct(part, stock: 0);
        await shop.NewProduct(whole);
        (await shop.Components($"SKU-{whole}", ($"SKU-{part}", 3))).Is(201);
        async Task<(int?, int?)> Available() =>
            (await Total($"q=SKU-{part}&unavailable=hide"), await Total($"q=SKU-{whole}&unavailable=hide"));

        Assert.Equal((0, 0), await Available());
        (await shop.Count("main", $"SKU-{part}", 2)).Is(200);
        Assert.Equal((1, 0), await Available());
        // The part stays in stock, and now there is enough for the bundle.
        (await shop.Count("main", $"SKU-{part}", 3)).Is(200);
        Assert.Equal((1, 1), await Available());
    }

    [Fact]
    public async Task Another_index_is_built_beside_while_the_first_serves()
    {
        var word = Word();
        await shop.NewProduct(shop.Fresh(), title: $"Samovar {word}");
        var standing = shop.Services.GetRequiredService<SearchStanding>();
        var before = standing.Now!.Shop;
        var rebuilds = shop.Services.GetRequiredService<IndexRebuilds>();
        (rebuilds.MostReread, var most) = (0, rebuilds.MostReread);
        var type = await shop.NewType("""{"key":"rim","kind":"enum","values":["gilt","plain"]}""");
        await shop.NewTyped(type, """{"rim":"gilt"}""");

        await shop.ChangeType(type, """{"key":"rim","kind":"enum","values":["gilt","plain"],"index":["facet"]}""");
        await Until(async () => await Count($"q={word}") is 1 && standing.Now!.Shop != before ? 1 : null);
        rebuilds.MostReread = most;
        await shop.NewProduct(shop.Fresh(), title: $"Kettle {word}");

        Assert.Equal(2, await Total($"q={word}"));
        Assert.Equal(1, await Total($"type={type}&filter=rim:gilt"));
    }

    [Fact]
    public async Task Types_that_change_while_another_index_is_built_have_one_built_after_it()
    {
        var word = Word();
        var rebuilds = shop.Services.GetRequiredService<IndexRebuilds>();
        (rebuilds.MostReread, var most) = (0, rebuilds.MostReread);
        var type = await shop.NewType("""{"key":"lid","kind":"enum","values":["flat","round"]}""");
        await shop.NewTyped(type, """{"lid":"flat"}""");

        // Whoever loads an index waits for the prices; nobody who changes a type or follows the journal does.
        await using (var connection = await shop.Database.Source.OpenConnectionAsync())
        {
            await using var held = await connection.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table prices in access exclusive mode", connection, held);
            await hold.ExecuteNonQueryAsync();
            await Change("First");
            await Until(async () => await Waiting() > 0 ? 1 : null);
            await Change("Second");
            // The old one looks ahead meanwhile; were it not to, this would prove nothing and fail nobody.
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        await shop.NewProduct(shop.Fresh(), title: $"Tagine {word}");

        Assert.Equal(1, await Until(async () => await IsCurrent($"q={word}") ? 1 : null));
        rebuilds.MostReread = most;
        Assert.Equal(1, await Total($"type={type}&filter=lid:flat"));

        Task Change(string title) =>
            shop.ChangeType(
                type,
                $$"""{"key":"lid","kind":"enum","values":["flat","round"],"title":"{{title}}","index":["filter"]}"""
            );

        Task<long> Waiting() =>
            shop.Query<long>("select count(*) from pg_locks where not granted and relation = 'prices'::regclass");
    }

    async Task<bool> IsCurrent(string query)
    {
        var answer = (await shop.Stranger.Get($"/api/v1/search?{query}")).Is(200);
        return answer.Data.GetArrayLength() == 1 && !answer.Json.GetProperty("meta").TryGetProperty("stale", out _);
    }

    [Fact]
    public async Task A_process_that_starts_later_finds_the_same()
    {
        var word = Word();
        await shop.NewProduct(shop.Fresh(), title: $"Ladle {word}");
        await shop.NewProduct(shop.Fresh(), title: $"Spoon {word}");
        var (standing, reader) = (new SearchStanding(), shop.Services.GetRequiredService<DocumentReader>());
        using var later = new SearchHost(shop.Database, reader, standing, new(), NullLoggerFactory.Instance);
        await later.StartAsync(default);

        await Until(() => Task.FromResult(standing.Now is null ? (int?)null : 1));
        var found = await Ask();
        await shop.NewProduct(shop.Fresh(), title: $"Bowl {word}");
        var followed = await Until(async () => (await Ask()).Total is 3 ? 3 : null);
        await later.StopAsync(default);

        Assert.Equal(2, found.Total);
        Assert.Equal(3, followed);

        async Task<Kontor.Search.SearchAnswer> Ask() =>
            await standing.Now!.Shop.Engine.Find(
                new(TimeProvider.System.GetUtcNow()) { Text = word, Language = "en" },
                default
            );
    }

    [Fact]
    public async Task Any_number_of_documents_is_read_with_the_same_statements()
    {
        for (var i = 0; i < 6; i++)
            await shop.Sold((100, "EUR"), (200, "SEK"));
        var ids = await shop.Query<Guid[]>("select array_agg(id) from products");
        var reader = shop.Services.GetRequiredService<DocumentReader>();
        async Task<int> Asked(params Guid[] some)
        {
            await reader.Read(DocumentChoice.Of(some), default);
            using var counted = Statements.Start();
            using var activity = new System.Diagnostics.Activity("documents").SetParentId(counted.TraceParent).Start();
            await reader.Read(DocumentChoice.Of(some), default);
            return counted.Count;
        }

        Assert.True(ids.Length >= 6);
        Assert.Equal(await Asked(ids[0]), await Asked(ids));
        Assert.InRange(await Asked(ids), 1, 3);
    }

    string Word() => shop.Fresh("word").Replace("-", "x", StringComparison.Ordinal) + "zz";

    async Task<int?> Total(string query) =>
        (await shop.Stranger.Get($"/api/v1/search?{query}"))
            .Is(200)
            .Json.GetProperty("meta")
            .GetProperty("total")
            .GetInt32();

    /// <summary>As somebody who asks for no position.</summary>
    async Task<int?> Count(string query) =>
        (await shop.Stranger.Send(HttpMethod.Get, $"/api/v1/search?{query}", null))
            .Is(200)
            .Json.GetProperty("meta")
            .GetProperty("total")
            .GetInt32();

    static async Task<int?> Until(Func<Task<int?>> ask)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Patience)
            if (await ask() is { } found)
                return found;
            else
                await Task.Delay(20);
        return null;
    }
}
