namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>What keeps a product out, or in.</summary>
public sealed class StandingTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task What_another_supplier_still_delivers_is_neither_planned_for_withdrawal_nor_withdrawn()
    {
        var (acme, bolt, key) = (shop.Fresh("acme"), shop.Fresh("bolt"), shop.Fresh("imp"));
        string[] lines = [.. Enumerable.Range(1, 3).Select(i => ImportWords.Line($"{key}-{i}", $"Cup {i}"))];
        await shop.Import(acme, lines, withdraws: true);
        await shop.Import(bolt, [lines[0]]);

        var planned = await shop.Import(acme, [lines[2]], isApproved: false, withdraws: true);
        var done = await shop.Say(planned.GetProperty("id").GetString()!, "approve");

        Assert.Equal(1, planned.GetProperty("counts").GetProperty("planned").Count("withdrawn"));
        Assert.Equal(("done", 1), (done.State(), done.GetProperty("counts").GetProperty("loaded").Count("withdrawn")));
        Assert.Equal(
            $"{key}-2",
            await shop.Query<string>(
                "select string_agg(key, ' ') from products where state = 'archived' and key like $1",
                $"{key}-%"
            )
        );
    }

    [Fact]
    public async Task A_product_of_which_no_row_says_enough_is_refused_by_what_is_missing()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("bran"));

        var run = await shop.Import(
            supplier,
            [$$"""{"key":"{{key}}-1","title":"Bran"}""", $$"""{"key":"{{key}}-2"}"""]
        );

        Assert.Equal(("done", (0, 0, 0, 2)), (run.State(), run.Sums()));
        var told = (await shop.Importer().Get($"{ImportWords.Path}/{run.Id()}/quarantine")).Is(200).Data;
        Assert.All(
            told.EnumerateArray(),
            row => Assert.Equal("IMPORT_PRODUCT_INCOMPLETE", row.GetProperty("code").GetString())
        );
        Assert.Equal(
            ["variants", "title", "variants"],
            told.EnumerateArray().Select(row => row.GetProperty("field").GetString())
        );
    }
}
