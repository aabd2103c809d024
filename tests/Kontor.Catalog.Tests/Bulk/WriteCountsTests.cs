using System.Text.Json;
using Kontor.Catalog.Tests.Bundles;
using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;

namespace Kontor.Catalog.Tests.Bulk;

/// <summary>Many counts, one a line.</summary>
public sealed class WriteCountsTests(Shop shop) : IClassFixture<Shop>
{
    const string Path = "/api/v1/stock/counts/bulk";

    static string Line(
        string sku,
        string location,
        long quantity,
        long? seen = null,
        bool? force = null,
        string? note = null
    ) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["sku"] = sku,
                ["location"] = location,
                ["quantity"] = quantity,
                ["seen"] = seen,
                ["force"] = force,
                ["note"] = note,
            }
                .Where(member => member.Value is not null)
                .ToDictionary(StringComparer.Ordinal)
        );

    async Task<Answer> Send(params string[] lines) =>
        (await shop.Staff.Send(HttpMethod.Post, Path, Caller.Content(string.Join('\n', lines), Lines.Media))).Is(200);

    [Fact]
    public async Task Counts_of_several_locations_are_entered_and_a_repeat_moves_nothing()
    {
        var (sku, other, place) = (await shop.Stocked(3), await shop.Stocked(3), await shop.Location());
        string[] lines =
        [
            Line(sku, "main", 5),
            Line(sku, place, 7, note: "shelf 4"),
            Line(other, "main", 3),
            Line(other, place, 0),
            Line(sku, "main", 6, seen: 5),
        ];

        var told = Lines.Of((await Send(lines)).Text);
        Assert.Equal((2, 2, 1, 0), told.Sum());
        Assert.Equal([sku, sku, other, other, sku, ""], told.Select(line => line.Text("key")));
        Assert.Equal(
            [
                "counted 3/0 main by tester",
                "counted 2/0 main by tester",
                $"counted 7/0 {place} by tester",
                "counted 1/0 main by tester",
            ],
            await shop.Movements(sku)
        );
        Assert.Equal(
            "shelf 4",
            await shop.Query<string>("select note from stock_movements where sku = $1 and location = $2", sku, place)
        );
        var before = await shop.Journaled("stock.%");
        Assert.Equal((0, 0, 4, 0), Lines.Of((await Send([.. lines[1..4], Line(sku, "main", 6)])).Text).Sum());
        Assert.Equal(before, await shop.Journaled("stock.%"));
        Assert.Equal((6, 7), ((await shop.Level(sku)).OnHand, (await shop.Level(sku, place)).OnHand));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_count_that_is_refused_leaves_the_others_alone()
    {
        var (held, free, part) = (await shop.Stocked(5), await shop.Stocked(5), await shop.Stocked(5));
        await shop.Reserve(Shelves.NewId(), (held, 4));
        var kit = await shop.Bundle((part, 1));

        var told = Lines.Of(
            (
                await Send(
                    Line(held, "main", 3),
                    Line(free, "main", 9, seen: 4),
                    Line("none", "main", 1),
                    Line(free, "nowhere", 1),
                    Line(kit, "main", 1),
                    Line(free, "main", -1),
                    """{"sku":"x","location":"main","quantity":1,"what":2}""",
                    Line(part, "main", 8)
                )
            ).Text
        );

        Assert.Equal(
            [
                "STOCK_BELOW_RESERVED",
                "STOCK_MOVED",
                "UNKNOWN_SKU",
                "UNKNOWN_LOCATION",
                "SKU_IS_BUNDLE",
                "VALIDATION_FAILED",
                "MALFORMED_BODY",
                "",
                "",
            ],
            told.Select(line => line.Text("code"))
        );
        Assert.Equal((0, 1, 0, 7), told.Sum());
        Assert.Equal(
            (5, 5, 8),
            ((await shop.Level(held)).OnHand, (await shop.Level(free)).OnHand, (await shop.Level(part)).OnHand)
        );
        Assert.Equal(
            0,
            await shop.Query<long>(
                "select count(*) from stock s join variants v on v.id = s.variant where v.sku = $1",
                kit
            )
        );
        Assert.Equal("updated", Lines.Of((await Send(Line(held, "main", 3, force: true))).Text)[0].Text("status"));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task Many_lines_cost_few_statements_and_strangers_none()
    {
        var (place, lines) = (await shop.Location(), new List<string>());
        for (var i = 0; i < 40; i++)
            lines.Add(Line(await shop.Stocked(1), place, i + 1));

        var answer = await Send([.. lines]);

        Assert.Equal((40, 0, 0, 0), Lines.Of(answer.Text).Sum());
        Assert.InRange(answer.Statements, 1, 12);
        (await shop.Reader.Send(HttpMethod.Post, Path, Caller.Content(lines[0], Lines.Media))).Refused(
            403,
            "FORBIDDEN"
        );
    }
}
