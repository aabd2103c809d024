using System.Text.Json;
using Kontor.Catalog.ProductTypes.Migration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>The job is driven by hand, a batch at a time, so that each boundary between two batches is stood at.</summary>
public sealed class MigrationTests(Shop shop) : IClassFixture<Shop>, IAsyncLifetime
{
    const string Old = """
        {"key":"color","kind":"text"},{"key":"weight","kind":"text"},{"key":"brand","kind":"text"},
        {"key":"junk","kind":"text"},{"key":"code","kind":"text","maxLength":20,"unique":true},
        {"key":"size","kind":"text","level":"variant"}
        """;
    const string New = """
        {"key":"colour","kind":"text"},{"key":"weight","kind":"number"},{"key":"brand","kind":"text","required":true},
        {"key":"code","kind":"number","unique":true},{"key":"fits","kind":"localisedText","level":"variant"}
        """;
    const string Steps = """
        {"do":"rename","attribute":"color","to":"colour"},
        {"do":"retype","attribute":"weight","conversion":"textToNumber","onError":"drop"},
        {"do":"retype","attribute":"code","conversion":"textToNumber"},
        {"do":"default","attribute":"brand","value":"none"},{"do":"drop","attribute":"junk"},
        {"do":"rename","attribute":"size","to":"fits"},
        {"do":"retype","attribute":"fits","conversion":"textToLocalisedText","argument":"en"}
        """;

    public async ValueTask InitializeAsync()
    {
        foreach (var job in shop.Services.GetServices<IHostedService>().OfType<MigrateProducts>())
            await job.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Killed_at_every_boundary_it_resumes_to_the_same_end_and_no_reader_sees_a_mix()
    {
        var type = await Filled(30);
        var started = await Start(type);
        var versions = new List<long>();

        // A new driver for each batch knows nothing of the one before, as a new process does.
        while (await Driver().Next(CancellationToken.None))
        {
            versions.Add(await VersionShown(type));
            await shop.IsWhole();
        }

        Assert.True(versions.Count > 10, $"{versions.Count} batches");
        Assert.Equal([1, 2], versions.Distinct());
        await IsDone(type, started, "done");
        Assert.Equal(30, await shop.Query<long>("select count(*) from unique_values where type = $1", type));
    }

    [Fact]
    public async Task Cut_off_anywhere_in_a_batch_it_resumes_to_the_same_end()
    {
        var type = await Filled(20);
        var started = await Start(type);

        for (var afterMs = 0; ; afterMs = (afterMs + 1) % 40)
            try
            {
                using var cut = new CancellationTokenSource(TimeSpan.FromMilliseconds(afterMs));
                if (!await Driver().Next(cut.Token))
                    break;
            }
            catch (OperationCanceledException)
            {
                await VersionShown(type);
                await shop.IsWhole();
            }

        await IsDone(type, started, "done");
    }

    [Fact]
    public async Task What_is_written_meanwhile_is_shown_before_and_after()
    {
        var type = await Filled(20);
        await Start(type);
        var first = await Page(type);
        await Driver().Next(CancellationToken.None);

        // One that is converted, one that is not yet, one that comes.
        var changed = new List<string>();
        foreach (var product in new[] { first[0], first[^1] })
        {
            var path = $"{Types.Products}/{product.GetProperty("id")}";
            var tag = (await shop.Staff.Get(path)).Tag;
            (await shop.Staff.Patch(path, """{"attributes":{"color":"green","weight":"7.50"}}""", tag)).Is(200);
            changed.Add(path);
        }
        var come = await shop.NewTyped(type, """{"color":"green","weight":"7.50","code":"900"}""", """{"size":"xl"}""");
        changed.Add($"{Types.Products}/{come.Value("id")}");
        (await shop.TryTyped(type, """{"code":"no number"}""")).Refused(
            422,
            "ATTRIBUTES_NOT_MIGRATABLE",
            "attributes.code"
        );
        (await shop.TryTyped(type, """{"code":"0900"}""")).Refused(409, "ATTRIBUTE_VALUE_TAKEN", "attributes.code");
        (await shop.TryTyped(type, """{"colour":"green"}""")).Refused(400, "PRODUCT_INVALID", "attributes.colour");

        foreach (var path in changed)
            Assert.Equal(("green", "7.50"), Told(await shop.Stranger.Get(path), "color"));
        await Finish();
        foreach (var path in changed)
            Assert.Equal(("green", "7.5"), Told(await shop.Stranger.Get(path), "colour"));
        var shown = (await shop.Stranger.Get(changed[2])).Data;
        Assert.Equal(
            """{"en":"xl"}""",
            shown.GetProperty("variants")[0].GetProperty("attributes").GetProperty("fits").GetRawText()
        );
        await shop.IsWhole();
    }

    [Fact]
    public async Task What_is_written_between_the_flip_and_the_end_stays()
    {
        var type = await Filled(20);
        var started = await Start(type);
        while (await State(type, started) == "filling")
            await Driver().Next(CancellationToken.None);

        var path = $"{Types.Products}/{(await Page(type))[^1].GetProperty("id")}";
        var tag = (await shop.Staff.Get(path)).Tag;
        (await shop.Staff.Patch(path, """{"attributes":{"weight":9}}""", tag)).Is(200);
        (await shop.Staff.Patch(path, """{"attributes":{"color":"x"}}""", "*")).Refused(
            400,
            "PRODUCT_INVALID",
            "attributes.color"
        );
        (await shop.ChangeType(type, New)).Refused(409, "PRODUCT_TYPE_MIGRATING");
        (await shop.Check(type, New)).Refused(409, "PRODUCT_TYPE_MIGRATING");
        (await Cancel(type, started)).Refused(409, "MIGRATION_DECIDED");

        await Finish();
        Assert.Equal("9", (await shop.Stranger.Get(path)).Shown("weight").GetRawText());
        await IsDone(type, started, "done");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Cancelled_in_the_middle_all_is_as_it_was(int batches)
    {
        var type = await Filled(20);
        var before = await Page(type);
        var started = await Start(type);
        for (var i = 0; i < batches; i++)
            await Driver().Next(CancellationToken.None);
        await shop.NewTyped(type, """{"code":"901"}""");

        Assert.Equal("undoing", (await Cancel(type, started)).Is(200).Value("state"));
        Assert.Equal("undoing", (await Cancel(type, started)).Is(200).Value("state"));
        await shop.NewTyped(type, """{"code":"no number"}""");
        await Finish();

        Assert.Equal("cancelled", await State(type, started));
        Assert.Equal("cancelled", (await Cancel(type, started)).Is(200).Value("state"));
        var after = await Page(type);
        Assert.All(before.Zip(after), pair => Assert.True(JsonElement.DeepEquals(pair.First, pair.Second)));
        Assert.Equal(0, await shop.Query<long>("select count(*) from products where attributes_next is not null"));
        Assert.Equal(22, await shop.Query<long>("select count(*) from unique_values where type = $1", type));
        await shop.IsWhole();
    }

    [Fact]
    public async Task A_value_that_is_taken_meanwhile_ends_it_and_nothing_is_lost()
    {
        var type = await shop.NewType("""{"key":"code","kind":"text","maxLength":20,"unique":true}""");
        for (var i = 0; i < 10; i++)
            await shop.NewTyped(type, $$"""{"code":"{{i}}"}""");
        (
            await shop.ChangeType(
                type,
                """{"key":"code","kind":"number","unique":true}""",
                """{"do":"retype","attribute":"code","conversion":"textToNumber"}"""
            )
        ).Is(202);
        var started = await shop.Query<Guid>("select id from product_type_migrations where type = $1", type);

        // "9" stands and is not converted yet; "09" is another text, and will be the same number.
        await shop.NewTyped(type, """{"code":"09"}""");
        await Finish();

        Assert.Equal("failed", await State(type, started));
        var told = (await Reader.Get($"{Types.Path}/{type}/migrations/{started}")).Is(200);
        Assert.Contains("'9' of code", told.Value("reason"));
        Assert.Equal("1", (await shop.Stranger.Get($"{Types.Path}/{type}")).Value("version"));
        await shop.IsWhole();
    }

    [Fact]
    public async Task Two_attributes_change_places()
    {
        var type = await shop.NewType("""{"key":"a","kind":"text"},{"key":"b","kind":"text"}""");
        var made = await shop.NewTyped(type, """{"a":"1","b":"2"}""");

        (
            await shop.ChangeType(
                type,
                """{"key":"a","kind":"text"},{"key":"b","kind":"text"}""",
                """{"do":"rename","attribute":"a","to":"b"},{"do":"rename","attribute":"b","to":"a"}"""
            )
        ).Is(202);
        await Finish();

        var shown = await shop.Stranger.Get($"{Types.Products}/{made.Value("id")}");
        Assert.Equal("""{"a":"2","b":"1"}""", shown.Data.GetProperty("attributes").GetRawText());
        Assert.EndsWith("-t2\"", shown.Tag);
    }

    Caller Reader => new(shop.Http) { Token = Kontor.Platform.Access.Scopes.CatalogRead };

    MigrationBatch Driver() => new(shop.Database, TimeProvider.System) { MaxProducts = 3 };

    async Task<string> Filled(int products)
    {
        var type = await shop.NewType(Old);
        for (var i = 0; i < products; i++)
            await shop.NewTyped(
                type,
                $$"""{"color":"red","weight":"{{(i % 3 == 0 ? "heavy" : $"{i}.0")}}","junk":"x","code":"{{i}}"{{(i % 2 == 0 ? ",\"brand\":\"B\"" : "")}}}""",
                """{"size":"m"}"""
            );
        return type;
    }

    async Task<Guid> Start(string type)
    {
        var started = (await shop.ChangeType(type, New, Steps)).Is(202);
        Assert.Equal("filling", started.Data.GetProperty("migration").GetProperty("state").GetString());
        var id = started.Data.GetProperty("migration").GetProperty("id").GetGuid();
        Assert.Equal($"{Types.Path}/{type}/migrations/{id}", started.Raw.Headers.Location?.ToString());
        return id;
    }

    async Task Finish()
    {
        while (await Driver().Next(CancellationToken.None)) { }
    }

    async Task<string> State(string type, Guid migration) =>
        (await Reader.Get($"{Types.Path}/{type}/migrations/{migration}")).Is(200).Value("state");

    Task<Answer> Cancel(string type, Guid migration) =>
        shop.Staff.Post($"{Types.Path}/{type}/migrations/{migration}/cancel", "");

    async Task IsDone(string type, Guid migration, string state)
    {
        var told = (await Reader.Get($"{Types.Path}/{type}/migrations/{migration}")).Is(200);
        Assert.Equal(
            (state, told.Value("products"), told.Value("products")),
            (told.Value("state"), told.Value("converted"), told.Value("tidied"))
        );
        Assert.Equal(2, await VersionShown(type));
        Assert.Equal(0, await shop.Query<long>("select count(*) from products where attributes_next is not null"));
        Assert.Equal(0, await shop.Query<long>("select count(*) from variants where attributes_next is not null"));
        Assert.False((await shop.Stranger.Get($"{Types.Path}/{type}")).Data.TryGetProperty("migration", out _));
        await shop.IsWhole();
    }

    /// <summary>The products of the type, from one answer for each hundred.</summary>
    async Task<List<JsonElement>> Page(string type)
    {
        var (found, after) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = (
                await shop.Stranger.Get($"{Types.Products}?limit=100{(after is null ? "" : $"&after={after}")}")
            ).Is(200);
            found.AddRange(
                page.Data.EnumerateArray().Where(product => product.GetProperty("type").GetString() == type)
            );
            after = page.Next;
        } while (after is not null);
        return found;
    }

    /// <summary>The one version in which all products are shown, each with what that version has.</summary>
    async Task<long> VersionShown(string type)
    {
        var products = await Page(type);
        Assert.All(products, Shape.IsOfItsVersion);
        return Assert.Single(products.Select(product => product.GetProperty("typeVersion").GetInt64()).Distinct());
    }

    static (string?, string) Told(Answer answer, string colour) =>
        (answer.Shown(colour).GetString(), answer.Shown("weight").ToString());
}
