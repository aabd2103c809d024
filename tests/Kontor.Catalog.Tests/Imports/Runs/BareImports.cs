using Kontor.Catalog.Imports.Doors;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Data;
using Kontor.Testing;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Imports on a database of their own, without a server: nobody works a run off but the test.</summary>
sealed class BareImports : IAsyncDisposable
{
    readonly TestDatabase postgres;
    readonly ImportRoom room;
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kontor-bare-imports-");
    int files;

    BareImports(TestDatabase postgres)
    {
        this.postgres = postgres;
        Database = new(postgres.Source("catalog"), TimeProvider.System);
        room = new(Database, new(), Languages.From(new ConfigurationBuilder().Build()), TimeProvider.System);
    }

    public CatalogDatabase Database { get; }

    public static async Task<BareImports> Open()
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        return new(await TestPostgres.NewDatabase());
    }

    /// <summary>One that is ready to be worked off.</summary>
    public async Task<ImportRun> Begin(string supplier, IEnumerable<string> lines, bool withdraws = false)
    {
        var run = CreateImport.New(
            new(supplier, withdraws, MaxLossPercent: 100),
            $$"""{"supplier":"{{supplier}}"}""",
            isApproved: true,
            "tester",
            TimeProvider.System
        ) with
        {
            State = ImportState.Staging,
        };
        var path = Path.Combine(folder.FullName, $"{files++}");
        await File.WriteAllLinesAsync(path, lines);
        await room.Write(
            async work =>
            {
                await RunTable.Insert(work, run with { State = ImportState.Receiving }, CancellationToken.None);
                return run;
            },
            CancellationToken.None
        );
        await using var bytes = File.OpenRead(path);
        Assert.Null(await ReceivedFiles.Receive(Database, run.Id, (0, "feed"), bytes, CancellationToken.None));
        await using var start = Database
            .Source.CreateCommand("update import_runs set state = 'staging' where id = $1")
            .With(run.Id);
        await start.ExecuteNonQueryAsync();
        return run;
    }

    /// <summary>A worker of its own, as another process would be.</summary>
    public Task<ImportRun?> Work(ImportRun run, CancellationToken stop = default) =>
        new WorkOff(room with { Types = new TypeBook() }, Feeds.Open).Try(run, null, stop);

    /// <summary>Opened so long ago, with a file, and not started.</summary>
    public async Task<ImportRun> Open(string supplier, IEnumerable<string> lines, TimeSpan ago)
    {
        var run = await Begin(supplier, lines);
        await using var back = Database
            .Source.CreateCommand("update import_runs set state = 'receiving', created_at = now() - $2 where id = $1")
            .With(run.Id, ago);
        await back.ExecuteNonQueryAsync();
        return run;
    }

    /// <summary>What a worker does once an hour.</summary>
    public Task Sweep() => new WorkOff(room, Feeds.Open).Sweep(CancellationToken.None);

    public async Task<ImportRun> Import(string supplier, IEnumerable<string> lines, bool withdraws = false) =>
        (await Work(await Begin(supplier, lines, withdraws)))!;

    /// <summary>All events of goods, in no order, without what is another in each run.</summary>
    public async Task<List<string>> Events() =>
        await Texts(
            """
            select type || ' ' || stream_key || ' ' || version || ' ' || (body - 'id' - 'product' - 'variant' - 'time')::text from (
                select j.type, j.version, j.body, coalesce(j.body->>'key', j.body->>'sku', '') as stream_key from journal j
                where j.type not like 'import.%'
            ) told order by 1
            """
        );

    public async Task<List<string>> Texts(string sql)
    {
        var found = new List<string>();
        await using var ask = Database.Source.CreateCommand(sql);
        await using var reader = await ask.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        return found;
    }

    /// <summary>What <c>kontor verify</c> would find.</summary>
    public async Task<IReadOnlyList<string>> Broken()
    {
        var broken = new List<string>();
        foreach (var invariant in Database.Invariants)
            broken.AddRange(await invariant.Check(Database.Source, CancellationToken.None));
        return broken;
    }

    public async ValueTask DisposeAsync()
    {
        await postgres.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
