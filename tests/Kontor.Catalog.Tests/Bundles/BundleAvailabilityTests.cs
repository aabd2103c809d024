using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Bundles;

/// <summary>What is shown of a bundle, against its stock counted by hand and against the desk.</summary>
public sealed class BundleAvailabilityTests(Shop shop) : IClassFixture<Shop>
{
    static readonly string[] FromBest = ["inStock", "preorder", "backorder", "outOfStock"];

    /// <summary>A shelf as it was filled, and what is reserved of it.</summary>
    sealed record Shelf(string Sku, long OnHand, long Safety, long Backorder, long Preorder, bool Open, long Reserved)
    {
        public long Free => OnHand - Safety - Reserved;

        public long All => Free + Backorder + (Open ? Preorder : 0);
    }

    static string Explained(string sku) => $"/api/v1/variants/{sku}/availability/explain";

    [Fact]
    [Trait("Kind", "slow")]
    public async Task What_is_shown_is_what_counting_gives_and_what_the_desk_takes()
    {
        var random = new Random(21);
        string[] places = ["main", await shop.Location(50), await shop.Location()];
        var resting = await shop.Location(1, active: false);
        var parts = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            parts.Add(await shop.Uncounted());
            foreach (var place in places.Append(resting).Where(_ => random.Next(2) > 0))
                await Fill(parts[i], place, random);
        }
        for (var i = 0; i < 20; i++)
            await shop.Reserve(NewId(), (parts[random.Next(8)], random.Next(1, 4)));
        var shelves = await Shelves();

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 60; i++)
        {
            var components = parts
                .OrderBy(_ => random.Next())
                .Take(random.Next(1, 3))
                .Select(sku => (sku, random.Next(1, 7)))
                .ToArray();
            var kit = await shop.Bundle(components);

            var most = components.Min(c => Most(shelves, c.sku) / c.Item2);
            var shown = FromBest[components.Max(c => Class(shelves, c.sku, c.Item2))];
            seen.Add(shown);
            await Agree(kit, shown, most);
        }

        Assert.Equal(FromBest.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Empty(await shop.Faults());
    }

    async Task Agree(string kit, string shown, long most)
    {
        Assert.Equal(shown, await shop.Availability(kit));
        var why = (await shop.Reader.Get(Explained(kit))).Is(200);
        Assert.Equal((shown, most.ToString()), (why.Value("availability"), why.Value("mostAtOnce")));
        Assert.Equal(1, why.Statements);
        Assert.Equal(shown, (await shop.Catalog.Offers([kit], "EUR", default))[kit].Availability);
        Assert.Equal(
            shown,
            (await shop.ProductOf(kit)).Data.GetProperty("variants")[0].GetProperty("availability").GetString()
        );
        Assert.False((await shop.Reserve(NewId(), (kit, (int)most + 1))).Held);
        if (most == 0)
            return;
        var id = NewId();
        Assert.True((await shop.Reserve(id, (kit, (int)most))).Held);
        await shop.Catalog.Release(id, default);
    }

    [Fact]
    public async Task An_explanation_names_the_worst_component_and_the_scarcest()
    {
        var (cup, pot, lid) = (await shop.Stocked(7), await shop.Stocked(0), await shop.Stocked(50));
        (await shop.SetTerms("main", pot, backorderLimit: 100)).Is(200);
        var kit = await shop.Bundle((lid, 1), (cup, 3), (pot, 2));

        var why = (await shop.Reader.Get(Explained(kit))).Is(200);

        Assert.Equal(
            ("backorder", "BACKORDER_OPEN", pot),
            (why.Value("availability"), why.Value("rule"), why.Value("decidedByComponent"))
        );
        Assert.Equal((cup, "2"), (why.Value("limitedBy"), why.Value("mostAtOnce")));
        Assert.Equal(
            [$"{lid} inStock 50", $"{cup} inStock 2", $"{pot} backorder 50"],
            why.Data.GetProperty("components")
                .EnumerateArray()
                .Select(c => $"{c.GetProperty("sku")} {c.GetProperty("availability")} {c.GetProperty("mostAtOnce")}")
        );
        Assert.Equal(0, why.Data.GetProperty("locations").GetArrayLength());
        Assert.False((await shop.Reader.Get(Explained(cup))).Data.TryGetProperty("components", out _));
    }

    [Fact]
    public async Task The_tag_of_a_product_changes_with_what_is_in_its_bundle_and_with_its_components_stock()
    {
        var (cup, pot) = (await shop.Stocked(5), await shop.Stocked(5));
        var kit = await shop.Uncounted();
        var tags = new List<string?> { (await shop.ProductOf(kit)).Tag };

        (await shop.Components(kit, (cup, 1))).Is(201);
        tags.Add((await shop.ProductOf(kit)).Tag);
        (await shop.Recompose(kit, "*", (cup, 1), (pot, 1))).Is(200);
        tags.Add((await shop.ProductOf(kit)).Tag);
        (await shop.Count("main", pot, 0)).Is(200);
        tags.Add((await shop.ProductOf(kit)).Tag);

        Assert.Equal(4, tags.Distinct().Count());
        var graph = await shop.Stranger.Post(
            "/graphql",
            new
            {
                query = $"{{ product(id: \"{(await shop.ProductOf(kit)).Value("id")}\") {{ variants {{ availability components {{ sku quantity }} }} }} }}",
            }
        );
        Assert.Contains($$"""{"sku":"{{pot}}","quantity":1}""", graph.Is(200).Text, StringComparison.Ordinal);
        Assert.Contains("OUT_OF_STOCK", graph.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_bundles_costs_as_many_statements_as_one_of_one_bundle()
    {
        await shop.Bundle((await shop.Stocked(1), 1), (await shop.Stocked(2), 2));
        var one = (await shop.Stranger.Get("/api/v1/products?limit=50")).Is(200);
        for (var i = 0; i < 10; i++)
            await shop.Bundle((await shop.Stocked(1), 1), (await shop.Stocked(2), 2));

        Assert.Equal(one.Statements, (await shop.Stranger.Get("/api/v1/products?limit=50")).Is(200).Statements);
    }

    static long Most(ILookup<string, Shelf> shelves, string sku) =>
        Math.Max(0, shelves[sku].Select(shelf => shelf.All).DefaultIfEmpty().Max());

    static int Class(ILookup<string, Shelf> shelves, string sku, int pieces) =>
        shelves[sku].Any(shelf => shelf.Free >= pieces) ? 0
        : shelves[sku].Any(shelf => shelf.Open && shelf.All >= pieces) ? 1
        : shelves[sku].Any(shelf => shelf.All >= pieces) ? 2
        : 3;

    async Task Fill(string sku, string place, Random random)
    {
        (await shop.Adjust(place, sku, random.Next(1, 5))).Is(200);
        var until = DateTimeOffset.UnixEpoch.AddYears(200);
        (
            await shop.SetTerms(
                place,
                sku,
                random.Next(2) == 0 ? random.Next(2, 9) : 0,
                random.Next(3) == 0 ? random.Next(1, 4) : 0,
                random.Next(5) == 0 ? new { limit = random.Next(2, 9), until } : null
            )
        ).Is(200);
    }

    /// <summary>Those of active locations.</summary>
    async Task<ILookup<string, Shelf>> Shelves()
    {
        await using var read = shop.Database.Source.CreateCommand(
            """
            select v.sku, s.on_hand, s.safety_stock, s.backorder_limit - s.preorder_limit, s.preorder_limit, s.preorder_until > now(),
                s.reserved
            from stock s join variants v on v.id = s.variant join locations l on l.key = s.location where l.active
            """
        );
        var shelves = new List<Shelf>();
        await using var row = await read.ExecuteReaderAsync();
        while (await row.ReadAsync())
            shelves.Add(
                new(
                    row.GetString(0),
                    row.GetInt64(1),
                    row.GetInt64(2),
                    row.GetInt64(3),
                    row.GetInt64(4),
                    !await row.IsDBNullAsync(5) && row.GetBoolean(5),
                    row.GetInt64(6)
                )
            );
        return shelves.ToLookup(shelf => shelf.Sku, StringComparer.Ordinal);
    }
}
