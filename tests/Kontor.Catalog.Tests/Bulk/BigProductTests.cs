using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.Bulk;

/// <summary>A product with as many variants as one may have.</summary>
[Trait("Kind", "slow")]
public sealed class BigProductTests(Shop shop, ITestOutputHelper output) : IClassFixture<Shop>
{
    [Fact]
    public async Task It_is_written_read_and_listed_with_as_many_statements_as_one_with_a_single_variant()
    {
        var type = await shop.NewType("""{"key":"size","kind":"number","level":"variant"}""");
        var (small, big) = (shop.Fresh("small"), shop.Fresh("big"));
        await shop.Write(Line(small, type, 1, 0));
        var smallLine = (await shop.TryWrite(Line(shop.Fresh("small"), type, 1, 0))).Is(200);

        var clock = Stopwatch.StartNew();
        var created = (await shop.TryWrite(Line(big, type, 5_000, 0))).Is(200);
        var createdMs = clock.ElapsedMilliseconds;
        var smallChange = (await shop.TryWrite(Line(small, type, 1, 7))).Is(200);
        clock.Restart();
        var changed = (await shop.TryWrite(Line(big, type, 5_000, 7))).Is(200);
        var changedMs = clock.ElapsedMilliseconds;
        var smallRead = (await shop.Stranger.Get($"{Types.Products}/{small}")).Is(200);
        clock.Restart();
        var read = (await shop.Stranger.Get($"{Types.Products}/{big}")).Is(200);
        var readMs = clock.ElapsedMilliseconds;
        var listed = (await shop.Stranger.Get($"{Types.Products}?limit=100")).Is(200);
        output.WriteLine(
            $"created {createdMs} ms, changed {changedMs} ms, read {readMs} ms, {Encoding.UTF8.GetByteCount(read.Text)} bytes"
        );

        Assert.Equal((1, 0, 0, 0), Lines.Of(created.Text).Sum());
        Assert.Equal((0, 1, 0, 0), Lines.Of(changed.Text).Sum());
        Assert.Equal(
            (smallLine.Statements, smallChange.Statements, smallRead.Statements, smallRead.Statements),
            (created.Statements, changed.Statements, read.Statements, listed.Statements)
        );
        Assert.Equal(5_000, read.Data.GetProperty("variantCount").GetInt32());
        var shown = read.Data.GetProperty("variants").EnumerateArray().ToList();
        Assert.Equal(100, shown.Count);
        var variants = await All(big);
        Assert.Equal(shown.Select(v => v.GetRawText()), variants.Take(100).Select(v => v.GetRawText()));
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"{big}-{i}"), variants.Select(v => v.Text("sku")));
        Assert.All(
            variants,
            (shown, i) => Assert.Equal(i + 7, shown.GetProperty("prices")[0].GetProperty("amount").GetInt64())
        );
        Assert.All(
            variants,
            (shown, i) => Assert.Equal(i, shown.GetProperty("attributes").GetProperty("size").GetInt32())
        );
        Assert.All(variants, shown => Assert.Equal("inStock", shown.Text("availability")));
        Assert.Equal((0, 0, 1, 0), (await shop.Write(Line(big, type, 5_000, 7))).Sum());
        await shop.IsWhole();
    }

    async Task<List<JsonElement>> All(string product)
    {
        var (all, path) = (new List<JsonElement>(), $"{Types.Products}/{product}/variants?limit=500");
        for (var next = ""; next is not null; )
        {
            var page = (await shop.Stranger.Get(next.Length == 0 ? path : $"{path}&after={next}")).Is(200);
            all.AddRange(page.Data.EnumerateArray());
            Assert.Equal(1, page.Statements);
            next = page.Next;
        }
        return all;
    }

    static string Line(string key, string type, int variants, int dearer) =>
        JsonSerializer.Serialize(
            new
            {
                key,
                title = "Big",
                slug = key,
                type,
                variants = Enumerable
                    .Range(0, variants)
                    .Select(i => new
                    {
                        sku = $"{key}-{i}",
                        stock = 10,
                        prices = new[]
                        {
                            new { amount = i + dearer, currency = "EUR" },
                            new { amount = i, currency = "SEK" },
                        },
                        attributes = new { size = i },
                    }),
            }
        );
}
