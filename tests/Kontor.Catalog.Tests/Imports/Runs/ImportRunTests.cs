using System.Text.Json;

namespace Kontor.Catalog.Tests.Imports.Runs;

public sealed class ImportRunTests(Shop shop) : IClassFixture<Shop>
{
    const string Kept =
        "select (select count(*) from import_parts where run = $1) + (select count(*) from import_chunks where run = $1)";

    [Fact]
    public async Task A_feed_comes_in_and_the_same_again_changes_and_journals_nothing()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));
        var lines = Enumerable.Range(0, 1_200).Select(i => ImportWords.Line($"{key}-{i}", $"Cup {i}")).ToArray();

        var first = await shop.Import(supplier, lines);
        var journaled = await shop.GoodsJournaled();
        var again = await shop.Import(supplier, lines);

        Assert.Equal(("done", (1_200, 0, 0, 0)), (first.State(), first.Sums()));
        Assert.Equal(("done", (0, 0, 1_200, 0)), (again.State(), again.Sums()));
        Assert.Equal(journaled, await shop.GoodsJournaled());
        Assert.Equal(1_200, await shop.Query<long>("select count(*) from products where key like $1", $"{key}-%"));
        var id = Guid.Parse(again.GetProperty("id").GetString()!);
        while (await shop.Query<long>(Kept, id) > 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Rows_of_one_key_are_laid_together_wherever_they_stand_and_say_where_they_came_from()
    {
        var (supplier, key, other) = (shop.Fresh("acme"), shop.Fresh("imp"), shop.Fresh("imp"));

        var run = await shop.Import(
            supplier,
            [
                $$"""{"key":"{{key}}","title":"Two cups","variants":[{"sku":"A-{{key}}","stock":3}]}""",
                ImportWords.Line(other, "Between"),
                $$"""{"key":"{{key}}","title":"Not this","description":"Said later","variants":[{"sku":"B-{{key}}"},{"sku":"A-{{key}}","stock":9,"prices":[{"amount":5,"currency":"EUR"}]}]}""",
            ]
        );

        Assert.Equal((2, 0, 0, 0), run.Sums());
        var product = (await shop.Staff.Get($"/api/v1/products/two-cups")).Is(200).Data;
        Assert.Equal("Said later", product.GetProperty("description").GetString());
        Assert.Equal(2, product.GetProperty("variants").GetArrayLength());
        Assert.Equal(
            3,
            await shop.Query<long>(
                "select on_hand from stock s join variants v on v.id = s.variant where v.sku = $1",
                $"A-{key}"
            )
        );
        var lineage = JsonDocument.Parse(
            await shop.Query<string>("select lineage::text from import_products where key = $1", key)
        );
        Assert.Equal([1, 3], lineage.RootElement.EnumerateArray().Select(one => one.GetProperty("line").GetInt32()));
        Assert.Contains(
            "/description",
            lineage.RootElement[1].GetProperty("paths").EnumerateArray().Select(path => path.GetString())
        );
    }

    [Fact]
    public async Task One_bad_product_stops_no_other_and_is_told_in_quarantine()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));

        var run = await shop.Import(
            supplier,
            [
                ImportWords.Line($"{key}-1", "Good"),
                $$"""{"key":"{{key}}-2","title":"=1+1","colour":"red","variants":[{"sku":"S-{{key}}-2"}]}""",
                "{ no json",
                $$"""{"key":"{{key}}-5","title":"\ud800","variants":[{"sku":"S-{{key}}-5"}]}""",
                $$"""{"key":"{{key}}-3","title":"Nowhere","categories":["no-such"],"variants":[{"sku":"S-{{key}}-3"}]}""",
                ImportWords.Line($"{key}-4", "Good, too"),
            ]
        );

        Assert.Equal(("done", (2, 0, 0, 2)), (run.State(), run.Sums()));
        Assert.Equal(2, run.GetProperty("counts").Count("faulty"));
        var id = run.GetProperty("id").GetString();
        var told = (await shop.Importer().Get($"{ImportWords.Path}/{id}/quarantine")).Is(200).Data;
        Assert.Equal(
            ["ROW_UNREADABLE", "TEXT_UNREADABLE", "MALFORMED_BODY", "UNKNOWN_CATEGORY"],
            told.EnumerateArray().Select(row => row.GetProperty("code").GetString())
        );
        var csv = (await shop.Importer().Get($"{ImportWords.Path}/{id}/quarantine/download")).Is(200).Text;
        Assert.Equal(5, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_plan_writes_nothing_tells_before_and_after_and_is_loaded_when_approved()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));
        await shop.Import(supplier, [ImportWords.Line($"{key}-1", "One"), ImportWords.Line($"{key}-2", "Two")]);
        var journaled = await shop.GoodsJournaled();

        var planned = await shop.Import(
            supplier,
            [
                ImportWords.Line($"{key}-1", "One", price: 250),
                ImportWords.Line($"{key}-2", "Two"),
                ImportWords.Line($"{key}-3", "Three"),
            ],
            isApproved: false
        );

        Assert.Equal(("planned", (1, 1, 1, 0)), (planned.State(), planned.Sums("planned")));
        Assert.Equal(journaled, await shop.GoodsJournaled());
        var id = planned.GetProperty("id").GetString()!;
        var changed = (await shop.Importer().Get($"{ImportWords.Path}/{id}/plan?kind=changed")).Is(200).Data;
        Assert.Equal(
            $$"""[{"path":"variants.S-{{key}}-1.prices.EUR","before":100,"after":250}]""",
            changed[0].GetProperty("changes").ToString()
        );
        var done = await shop.Say(id, "approve");
        Assert.Equal(("done", (1, 1, 1, 0)), (done.State(), done.Sums()));
    }

    [Fact]
    public async Task What_moved_under_a_plan_is_planned_anew_and_not_loaded_until_approved_again()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));
        await shop.Import(supplier, [ImportWords.Line($"{key}-1", "One"), ImportWords.Line($"{key}-2", "Two")]);
        var planned = await shop.Import(
            supplier,
            [ImportWords.Line($"{key}-1", "Uno"), ImportWords.Line($"{key}-2", "Due")],
            isApproved: false
        );
        var id = planned.GetProperty("id").GetString()!;
        (
            await shop.Staff.Patch(
                $"/api/v1/products/{await IdOf($"{key}-1")}",
                new { description = "By hand" },
                "\"1\""
            )
        ).Is(200);

        var moved = await shop.Say(id, "approve");

        Assert.Equal(("planned", "PLAN_MOVED"), (moved.State(), moved.GetProperty("held").GetString()));
        Assert.Equal(["One", "Due"], await Titles(key));
        var done = await shop.Say(id, "approve");
        Assert.Equal("done", done.State());
        Assert.Equal(["Uno", "Due"], await Titles(key));
    }

    [Fact]
    public async Task A_feed_that_is_suddenly_empty_or_small_waits_for_a_person()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));
        var lines = Enumerable.Range(0, 10).Select(i => ImportWords.Line($"{key}-{i}", $"Cup {i}")).ToArray();
        await shop.Import(supplier, lines, withdraws: true);

        var empty = await shop.Import(supplier, [], withdraws: true);
        var small = await shop.Import(supplier, lines[..7], withdraws: true);

        Assert.Equal(("planned", "FEED_EMPTY"), (empty.State(), empty.GetProperty("held").GetString()));
        Assert.Equal(("planned", "FEED_SHRANK"), (small.State(), small.GetProperty("held").GetString()));
        Assert.Equal(3, small.GetProperty("counts").GetProperty("planned").Count("withdrawn"));
        Assert.Equal(0, await Archived(key));
    }

    [Fact]
    public async Task What_is_delivered_no_more_is_withdrawn_and_comes_back_when_it_is_again()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));
        var lines = Enumerable.Range(0, 10).Select(i => ImportWords.Line($"{key}-{i}", $"Cup {i}")).ToArray();
        await shop.Import(supplier, lines, withdraws: true);

        var fewer = await shop.Import(supplier, lines[..8], withdraws: true);
        var archived = await Archived(key);
        var again = await shop.Import(supplier, lines, withdraws: true);

        Assert.Equal(
            ("done", 2),
            (fewer.State(), fewer.GetProperty("counts").GetProperty("loaded").Count("withdrawn"))
        );
        Assert.Equal(2, archived);
        Assert.Equal(("done", (0, 2, 8, 0)), (again.State(), again.Sums()));
        Assert.Equal(0, await Archived(key));
    }

    [Fact]
    public async Task Undoing_restores_what_nobody_has_changed_since_and_tells_the_rest()
    {
        var (supplier, key) = (shop.Fresh("acme"), shop.Fresh("imp"));
        await shop.Import(supplier, [ImportWords.Line($"{key}-1", "One"), ImportWords.Line($"{key}-2", "Two")]);
        string[] better =
        [
            $$"""{"key":"{{key}}-1","title":"Uno","description":"New","variants":[{"sku":"S-{{key}}-1","stock":7},{"sku":"T-{{key}}-1"}]}""",
            ImportWords.Line($"{key}-2", "Due"),
            ImportWords.Line($"{key}-3", "Tre"),
        ];
        var run = await shop.Import(supplier, better);
        (
            await shop.Staff.Patch(
                $"/api/v1/products/{await IdOf($"{key}-2")}",
                new { description = "By hand" },
                "\"2\""
            )
        ).Is(200);

        var undone = await shop.Say(run.GetProperty("id").GetString()!, "undo");

        Assert.Equal("undone", undone.State());
        Assert.Equal(
            (2, 1),
            (undone.GetProperty("counts").Count("restored"), undone.GetProperty("counts").Count("leftAlone"))
        );
        Assert.Equal(["One", "Due", "Tre"], await Titles(key));
        var one = (await shop.Staff.Get($"/api/v1/products/{await IdOf($"{key}-1")}")).Is(200).Data;
        Assert.False(one.TryGetProperty("description", out _));
        Assert.Equal(
            """[{"amount":100,"currency":"EUR"}]""",
            Assert.Single(one.GetProperty("variants").EnumerateArray()).GetProperty("prices").ToString()
        );
        Assert.Equal(1, await Archived(key));
        var again = await shop.Import(supplier, better);
        Assert.Equal(("done", (0, 2, 1, 0)), (again.State(), again.Sums()));
        Assert.Equal(0, await Archived(key));
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("undo")]
    public async Task A_word_at_the_wrong_time_is_refused(string word)
    {
        var mapping = new { supplier = shop.Fresh("acme") };
        var opened = (await shop.Importer().Post(ImportWords.Path, new { mapping })).Is(201);

        (await shop.Importer().Post($"{ImportWords.Path}/{opened.Value("id")}/{word}", "")).Refused(
            409,
            "IMPORT_STATE_DIFFERS"
        );
        (await shop.Importer().Post($"{ImportWords.Path}/{Guid.Empty}/{word}", "")).Refused(404, "IMPORT_NOT_FOUND");
        (await shop.Importer().Post(ImportWords.Path, new { mapping = new { supplier = "not a key" } })).Refused(
            400,
            "IMPORT_MAPPING_INVALID"
        );
    }

    Task<Guid> IdOf(string key) => shop.Query<Guid>("select id from products where key = $1", key);

    async Task<string[]> Titles(string key) =>
        await shop.Query<string[]>("select array_agg(title order by key) from products where key like $1", $"{key}-%");

    Task<long> Archived(string key) =>
        shop.Query<long>("select count(*) from products where state = 'archived' and key like $1", $"{key}-%");
}
