using Kontor.Catalog.Search.Beside;
using Kontor.Search.OpenSearch;

namespace Kontor.Catalog.Tests.Search.Beside;

/// <summary>Categories that come again, and what others keep in the same cluster.</summary>
public sealed partial class BesideTests
{
    /// <summary>Indices that stand still and are of another shop's journal.</summary>
    async Task<HashSet<string>> OfOthers(BesideSettings place, HttpClient http)
    {
        var before = server.Cluster.Names.ToHashSet();
        foreach (var (alias, position) in new[] { ("shop-00000000", 0), ("shop-0badf00d", 1) })
        {
            var options = place.Options with { Alias = alias };
            var other = new OpenSearchEngine(http, options, BesideShop.Schema, TimeProvider.System);
            await other.Ensure(default);
            await other.Note(BesideWriter.JournalNote, "anothers", 1, default);
            if (position > 0)
                await other.Reached(position, default);
        }
        return [.. server.Cluster.Names.Except(before)];
    }

    [Fact]
    public async Task A_category_that_is_made_again_elsewhere_and_moved_takes_its_products_along()
    {
        foreach (var top in new[] { "here", "there" })
            (await shop.Staff.Post("/api/v1/categories", new { key = top, title = top })).Is(201);
        await Make("there");
        await Move("here");
        (await shop.Staff.Send(HttpMethod.Delete, "/api/v1/categories/below", null, ("If-Match", "*"))).Is(200);
        await Make("there");
        var made = await shop.NewProduct("moved", title: "Slipware dish");
        var path = $"/api/v1/products/{made.Value("id")}";
        (await shop.Staff.Patch(path, """{"categories":["below"]}""", "*")).Is(200);
        Assert.Equal((0, 1), (await Total("category=here"), await Total("category=there")));

        await Move("here");

        Assert.Equal((1, 0), (await Total("category=here"), await Total("category=there")));

        async Task Make(string parent) =>
            (
                await shop.Staff.Post(
                    "/api/v1/categories",
                    new
                    {
                        key = "below",
                        title = "Below",
                        parent,
                    }
                )
            ).Is(201);
        async Task Move(string parent) =>
            (await shop.Staff.Patch("/api/v1/categories/below", $$"""{"parent":"{{parent}}"}""", "*")).Is(200);
    }
}
