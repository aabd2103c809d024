using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Availability;

/// <summary>What everybody is shown, and why.</summary>
public sealed class AvailabilityTests(Shop shop) : IClassFixture<Shop>
{
    static string Path(string sku) => $"/api/v1/variants/{sku}/availability/explain";

    [Fact]
    public async Task An_explanation_names_the_rule_and_the_numbers_of_each_location()
    {
        var (sku, first, resting) = (
            await shop.Stocked(2),
            await shop.Location(1),
            await shop.Location(0, active: false)
        );
        (await shop.Adjust(first, sku, 4)).Is(200);
        (await shop.Adjust(resting, sku, 9)).Is(200);
        (await shop.SetTerms(first, sku, safetyStock: 4, backorderLimit: 6)).Is(200);

        var why = (await shop.Reader.Get(Path(sku))).Is(200);

        Assert.Equal(("inStock", "PIECES_THERE", "main", "6"), Said(why));
        Assert.Equal(
            [$"{resting} INACTIVE 9", $"{first} BACKORDER_OPEN 0", "main PIECES_THERE 2"],
            why.Data.GetProperty("locations")
                .EnumerateArray()
                .Select(l => $"{l.GetProperty("location")} {l.GetProperty("verdict")} {l.GetProperty("free")}")
        );
        Assert.Equal(1, why.Statements);
    }

    [Fact]
    public async Task What_another_location_owes_takes_nothing_from_one_that_has_pieces()
    {
        var (sku, place) = (await shop.Stocked(5), await shop.Location());
        await shop.Reserve(NewId(), (sku, 5));
        (await shop.Count("main", sku, 0, force: true)).Is(200);
        (await shop.Adjust(place, sku, 1)).Is(200);

        Assert.Equal("inStock", await shop.Availability(sku));
        Assert.Equal(("inStock", "PIECES_THERE", place, "1"), Said(await shop.Reader.Get(Path(sku))));
        Assert.Equal("inStock", (await shop.Catalog.Offers([sku], "EUR", default))[sku].Availability);
        Assert.True((await shop.Reserve(NewId(), (sku, 1))).Held);
    }

    [Fact]
    public async Task Nothing_stocked_all_promised_and_an_open_preorder_are_told_apart()
    {
        var key = shop.Fresh();
        await shop.NewProduct(key);
        var (none, all, open) = ($"SKU-{key}", await shop.Stocked(0), await shop.Stocked(0));
        var until = DateTimeOffset.UnixEpoch.AddYears(200);
        (await shop.SetTerms("main", open, preorder: new { limit = 3, until })).Is(200);

        Assert.Equal(("outOfStock", "NOT_STOCKED", null, "0"), Said(await shop.Reader.Get(Path(none))));
        Assert.Equal(("outOfStock", "ALL_PROMISED", null, "0"), Said(await shop.Reader.Get(Path(all))));
        var preorder = await shop.Reader.Get(Path(open));
        Assert.Equal(("preorder", "PREORDER_OPEN", "main", "3"), Said(preorder));
        Assert.Equal(until, preorder.Data.GetProperty("changesAt").GetDateTimeOffset());
        foreach (var sku in new[] { none, all, open })
            Assert.Equal(Said(await shop.Reader.Get(Path(sku))).Availability, await shop.Availability(sku));
        (await shop.Reader.Get(Path("no-such"))).Refused(404, "SKU_NOT_FOUND");
        (await shop.Stranger.Get("/api/v1/variants/no-such/availability")).Refused(404, "SKU_NOT_FOUND");
        (await shop.Stranger.Get("/api/v1/variants/a%20b/availability")).Refused(404, "SKU_NOT_FOUND");
        (await shop.Stranger.Get(Path(all))).Refused(401, "UNAUTHENTICATED");
    }

    static (string Availability, string Rule, string? By, string Most) Said(Answer answer) =>
        (
            answer.Is(200).Value("availability"),
            answer.Value("rule"),
            answer.Data.TryGetProperty("decidedBy", out var by) ? by.GetString() : null,
            answer.Value("mostAtOnce")
        );
}
