using System.Text.Json;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Schedules;
using Kontor.Catalog.Imports.Staging;
using Kontor.Catalog.Tests.Imports.Runs;
using Kontor.Platform.Outside;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kontor.Catalog.Tests.Imports.Schedules;

/// <summary>Schedules whose times a test turns on to: they come once a year, so the shop's own worker finds none due.</summary>
public sealed class ScheduleTests(Shop shop) : IClassFixture<Shop>, IAsyncLifetime
{
    internal const string Path = $"{ImportWords.Path}/schedules";
    const string Yearly = "0 3 1 1 *";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kontor-schedules-");
    Supplier supplier = null!; // Opened before each test.

    public async ValueTask InitializeAsync() => supplier = await Supplier.Open();

    [Fact]
    public async Task What_is_due_is_fetched_once_and_imported_and_the_same_again_is_no_import()
    {
        var (name, key) = (shop.Fresh("acme"), shop.Fresh("timed"));
        supplier.Files["/feed.ndjson"] = ImportWords.Line(key, "Cup");
        var made = await Make(name, $"{supplier.Origin}/feed.ndjson");
        var due = made.Data.GetProperty("due").GetDateTimeOffset();

        // Missed for three years: it comes once. Two processes look at the same moment.
        var clock = new FakeTimeProvider(due.AddYears(3).AddMinutes(1));
        await Task.WhenAll(Rounds(clock).Round(default), Rounds(clock).Round(default));
        var first = await Standing(made);
        var run = await shop.Rested(first.GetProperty("lastImport").GetString()!);
        clock.Advance(TimeSpan.FromDays(366));
        await Rounds(clock).Round(default);
        var again = await Standing(made);

        Assert.Equal(("done", (1, 0, 0, 0)), (run.State(), run.Sums()));
        Assert.Equal(due.AddYears(4), first.GetProperty("due").GetDateTimeOffset());
        Assert.Equal(due.AddYears(5), again.GetProperty("due").GetDateTimeOffset());
        Assert.Equal([("/feed.ndjson", 200), ("/feed.ndjson", 304)], supplier.Asked);
        Assert.Equal(1, await RunsOf(name));
        Assert.False(again.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task The_same_bytes_are_no_import_though_the_server_forgets_and_others_are_one()
    {
        var (name, key) = (shop.Fresh("acme"), shop.Fresh("timed"));
        supplier.Files["/forgetful"] = ImportWords.Line(key, "Cup");
        var made = await Make(name, $"{supplier.Origin}/forgetful");

        await Turn(made);
        await Turn(made);
        var same = await RunsOf(name);
        supplier.Files["/forgetful"] = ImportWords.Line(key, "Mug");
        await Turn(made);

        Assert.Equal((1, 2), (same, await RunsOf(name)));
        Assert.Equal("Mug", await shop.Query<string>("select title from products where key = $1", key));
    }

    [Fact]
    public async Task A_feed_that_shrank_or_changed_much_waits_or_is_told()
    {
        var (name, key) = (shop.Fresh("acme"), shop.Fresh("timed"));
        var lines = Enumerable.Range(0, 10).Select(i => ImportWords.Line($"{key}-{i}", $"Cup {i}")).ToArray();
        supplier.Files["/feed"] = string.Join('\n', lines);
        var made = await Make(name, $"{supplier.Origin}/feed");
        await Turn(made);

        supplier.Files["/feed"] = supplier.Files["/feed"].Replace("Cup", "Mug", StringComparison.Ordinal);
        await Turn(made);
        var unusual = await Alerted(made, "FEED_UNUSUAL");
        supplier.Files["/feed"] = lines[0];
        await Turn(made);
        var shrank = await Alerted(made, "FEED_SHRANK");

        Assert.Equal("FEED_UNUSUAL", unusual.GetProperty("error").GetString());
        Assert.Equal("FEED_SHRANK", shrank.GetProperty("error").GetString());
        Assert.Equal(
            ["FEED_UNUSUAL", "FEED_SHRANK"],
            await shop.Query<string[]>(
                """
                select array_agg(body->>'code' order by id) from journal
                where type = 'import.alerted.v1' and body->>'schedule' = $1
                """,
                made.Value("id")
            )
        );
    }

    [Theory]
    [InlineData("/nowhere", "FETCH_FAILED")]
    [InlineData("/circle", "FETCH_FAILED")]
    [InlineData("/plain", "ADDRESS_REFUSED")]
    [InlineData("/metadata", "ADDRESS_REFUSED")]
    public async Task What_cannot_be_had_is_told_and_comes_again(string path, string code)
    {
        supplier.Files["/circle"] = "-> /circle";
        supplier.Files["/plain"] = "-> http://example.org/feed";
        supplier.Files["/metadata"] = "-> https://169.254.169.254/latest/meta-data";
        var made = await Make(shop.Fresh("acme"), supplier.Origin + path);

        await Turn(made);

        var told = await Standing(made);
        Assert.Equal(code, told.GetProperty("error").GetString());
        Assert.True(told.GetProperty("due").GetDateTimeOffset() > made.Data.GetProperty("due").GetDateTimeOffset());
        Assert.Equal(0, await RunsOf(made.Value("supplier")));
        Assert.Equal(path == "/circle" ? 6 : 1, supplier.Asked.Count);
    }

    [Fact]
    public async Task This_machine_is_not_reached_unless_the_operator_lets_it_and_nobody_unknown_is_believed()
    {
        supplier.Files["/feed"] = "x";
        var address = $"{supplier.Origin}/feed";
        foreach (var host in new[] { "localhost", "127.0.0.1", "[::ffff:127.0.0.1]" })
        {
            using var closed = new OutsideDoor(Settings());
            var refused = await Assert.ThrowsAsync<OutsideException>(() =>
                closed.Fetch(address.Replace("localhost", host, StringComparison.Ordinal), null, default)
            );
            Assert.Equal("ADDRESS_REFUSED", refused.Code);
        }
        using var unknown = new OutsideDoor(Settings(("Outside:Allow", "127.0.0.0/8 ::1/128")));
        var untrusted = await Assert.ThrowsAsync<OutsideException>(() => unknown.Fetch(address, null, default));
        Assert.Equal("FETCH_FAILED", untrusted.Code);

        Assert.Empty(supplier.Asked);
        var opened = (await shop.Importer().Post(ImportWords.Path, new { mapping = new { supplier = "acme" } })).Is(
            201
        );
        (await shop.Importer().Post($"{ImportWords.Path}/{opened.Value("id")}/files/0/fetch", new { address })).Refused(
            422,
            "IMPORT_NOT_FETCHED"
        );
        Assert.Empty(supplier.Asked);
    }

    [Fact]
    public async Task A_watched_folder_is_the_operators_and_nothing_leads_out_of_it()
    {
        var (name, key) = (shop.Fresh("acme"), shop.Fresh("timed"));
        var secret = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, ImportWords.Line($"{key}-secret", "Secret"));
        File.CreateSymbolicLink(System.IO.Path.Combine(folder.FullName, "link.ndjson"), secret);
        await File.WriteAllTextAsync(
            System.IO.Path.Combine(folder.FullName, "feed.ndjson"),
            ImportWords.Line(key, "Cup")
        );
        var made = await Make(name, null, "feed.ndjson");
        var linked = await Make(shop.Fresh("acme"), null, "link.ndjson");

        await Turn(made);
        await Turn(linked);

        Assert.Equal(1, await shop.Query<long>("select count(*) from products where key = $1", key));
        Assert.Equal("FETCH_FAILED", (await Standing(linked)).GetProperty("error").GetString());
        (await TryMake(name, null, "../feed.ndjson")).Refused(400, "VALIDATION_FAILED", "source.file");
        var unset = await Make(shop.Fresh("acme"), null, "feed.ndjson");
        await new ScheduleRounds(Room(Past(unset)), new(Settings()), Feeds.Open, Settings()).Round(default);
        Assert.Equal("ADDRESS_REFUSED", (await Standing(unset)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_schedule_is_changed_by_who_has_seen_it_and_removed()
    {
        var made = await Make(shop.Fresh("acme"), $"{supplier.Origin}/feed");
        var path = $"{Path}/{made.Value("id")}";
        var body = Body(made.Value("supplier"), $"{supplier.Origin}/other", null, cron: "0 4 * * *", paused: true);

        (await shop.Importer().Put(path, body)).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Importer().Send(HttpMethod.Put, path, Caller.Content(body), ("If-Match", "\"7\""))).Refused(
            412,
            "PRECONDITION_FAILED"
        );
        var changed = (
            await shop.Importer().Send(HttpMethod.Put, path, Caller.Content(body), ("If-Match", made.Tag))
        ).Is(200);
        await Turn(changed);

        Assert.Equal(("0 4 * * *", "2"), (changed.Value("cron"), changed.Value("version")));
        Assert.Empty(supplier.Asked); // It is paused.
        var listed = (await shop.Importer().Get(Path)).Is(200).Data.EnumerateArray();
        Assert.Contains(listed, one => one.GetProperty("id").GetString() == made.Value("id"));
        (await shop.Importer().Send(HttpMethod.Delete, path, null, ("If-Match", changed.Tag))).Is(200);
        (await shop.Importer().Get(path)).Refused(404, "SCHEDULE_NOT_FOUND");
        (await shop.Stranger.Get(path)).Refused(401, "UNAUTHENTICATED");
    }

    /// <summary>Lets its next time come, and its import come to rest and be judged.</summary>
    async Task Turn(Answer made)
    {
        var rounds = Rounds(Past(await shop.Importer().Get($"{Path}/{made.Value("id")}")));
        await rounds.Round(default);
        if ((await Standing(made)).TryGetProperty("lastImport", out var run))
            await shop.Rested(run.GetString()!);
        await rounds.Round(default);
    }

    FakeTimeProvider Past(Answer schedule) => new(schedule.Data.GetProperty("due").GetDateTimeOffset().AddMinutes(1));

    ScheduleRounds Rounds(TimeProvider clock)
    {
        var settings = Settings(
            ("Outside:Allow", "127.0.0.0/8 ::1/128"),
            ("Outside:Authorities", Authority()),
            ("Imports:Watched", folder.FullName)
        );
        return new(Room(clock), new(settings), Feeds.Open, settings);
    }

    ImportRoom Room(TimeProvider clock) => shop.Services.GetRequiredService<ImportRoom>() with { Clock = clock };

    string Authority()
    {
        var path = System.IO.Path.Combine(folder.FullName, "authority.pem");
        File.WriteAllText(path, supplier.Authority);
        return path;
    }

    static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)))
            .Build();

    async Task<Answer> Make(string name, string? address, string? file = null) =>
        (await TryMake(name, address, file)).Is(201);

    Task<Answer> TryMake(string name, string? address, string? file) =>
        shop.Importer().Post(Path, Body(name, address, file));

    internal static object Body(
        string name,
        string? address,
        string? file,
        string cron = Yearly,
        bool paused = false,
        string zone = "UTC"
    ) =>
        new
        {
            mapping = new { supplier = name },
            source = new { address, file },
            cron,
            timeZone = zone,
            approved = true,
            paused,
        };

    async Task<JsonElement> Standing(Answer made) =>
        (await shop.Importer().Get($"{Path}/{made.Value("id")}")).Is(200).Data;

    /// <summary>The shop's own worker may be the one that judges: what it tells is waited for.</summary>
    async Task<JsonElement> Alerted(Answer made, string code)
    {
        for (var i = 0; i < 200; i++)
        {
            var standing = await Standing(made);
            if (standing.TryGetProperty("error", out var error) && error.GetString() == code)
                return standing;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        return await Standing(made);
    }

    Task<long> RunsOf(string name) => shop.Query<long>("select count(*) from import_runs where supplier = $1", name);

    public async ValueTask DisposeAsync()
    {
        await supplier.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
