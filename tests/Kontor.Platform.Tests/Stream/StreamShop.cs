using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using Dapper;
using Kontor.Journal;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Kontor.Platform.Stream;
using Kontor.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kontor.Platform.Tests.Stream;

/// <summary>Two journals with their sequencers, and a server on a free port that streams them.</summary>
sealed class StreamShop : IAsyncDisposable
{
    public const string AllScopes = "stream:read catalog:read ordering:read";

    /// <summary>Nothing in these tests takes this long unless it never happens.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    readonly CancellationTokenSource stop = new();
    readonly ConcurrentBag<Task> running = [];
    readonly TestDatabase database;
    readonly WebApplication app;

    StreamShop(TestDatabase database, WebApplication app) => (this.database, this.app) = (database, app);

    public EventJournal Catalog => JournalOf("catalog");

    public EventJournal Ordering => JournalOf("ordering");

    public Uri Address => new(app.Urls.First());

    /// <summary>Speaks HTTP/2 and nothing else.</summary>
    public Uri Http2Address => new(app.Urls.Last());

    /// <param name="settings">Of the section Stream.</param>
    public static async Task<StreamShop> Open(params (string Name, string Value)[] settings)
    {
        var fresh = await TestPostgres.NewDatabase();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([
            new("RateLimits:Enabled", "false"),
            .. settings.Select(s => new KeyValuePair<string, string?>($"Stream:{s.Name}", s.Value)),
        ]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, second => second.Protocols = HttpProtocols.Http2);
        });
        builder.Logging.ClearProviders();
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddStream();
        builder.Services.AddSingleton(fresh.Service("catalog"));
        builder.Services.AddSingleton(fresh.Service("ordering"));
        builder.Services.AddSingleton<CheckToken>((token, _) => ValueTask.FromResult(Check(token)));
        var host = builder.Build();
        host.UsePlatform();
        host.MapStream();

        var shop = new StreamShop(fresh, host);
        foreach (var service in host.Services.GetServices<ServiceDatabase>())
            shop.running.Add(new Sequencer(service.Journal, NullLogger<Sequencer>.Instance).Run(shop.stop.Token));
        await host.StartAsync();
        return shop;
    }

    /// <summary>What the server holds of a topic in memory.</summary>
    internal LiveFeed Feed(string topic) => app.Services.GetRequiredService<LiveFeeds>().Find(topic)!;

    public Task Stop() => app.StopAsync();

    public SocketReader Socket(string query, string? token = AllScopes) => new(Address, query, token);

    public EventSourceReader EventSource(string query, string? token = AllScopes, string? lastEventId = null) =>
        new(Address, query, token, lastEventId);

    public IStreamReader Reader(string transport, string query) =>
        transport == "websocket" ? Socket(query) : EventSource(query);

    /// <summary>Appends an event for each body in one transaction.</summary>
    public static async Task<Position> Append(EventJournal journal, string stream, params string[] bodies)
    {
        await using var connection = await journal.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var events = bodies.Select(body => new NewEvent(stream, "thing.changed.v1", body, null)).ToArray();
        var position = await journal.Append(transaction, events, default);
        await transaction.CommitAsync();
        journal.Signal();
        return position;
    }

    /// <summary>Many writers at once, each to its own stream and to a shared one.</summary>
    public static Task Write(EventJournal journal, int writers, int appends) =>
        Task.WhenAll(
            Enumerable
                .Range(0, writers)
                .Select(async writer =>
                {
                    for (var i = 0; i < appends; i++)
                        await Append(
                            journal,
                            i % 3 == 0 ? "shared" : $"own-{writer}",
                            [.. Enumerable.Range(0, 1 + i % 3).Select(n => $$"""{"writer": {{writer}}, "n": {{n}}}""")]
                        );
                })
        );

    /// <summary>Waits until so many events are numbered.</summary>
    public static async Task Numbered(EventJournal journal, long count)
    {
        using var late = new CancellationTokenSource(Deadline);
        while ((await journal.Head(late.Token)).Sequence < count)
            await Task.Delay(20, late.Token);
    }

    /// <summary>All numbered events, as the journal has them.</summary>
    public static async Task<List<RecordedEvent>> ReadBack(EventJournal journal)
    {
        var all = new List<RecordedEvent>();
        while (await journal.Read(all.Count, 1000, default) is { Events.Count: > 0 } batch)
            all.AddRange(batch.Events);
        return all;
    }

    /// <summary>What a restore leaves: a new incarnation, forked at an earlier place.</summary>
    public async Task Fork(string topic, string incarnation, long fork)
    {
        await using var owner = await database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(
            $"""
            with begun as (update {topic}.head set incarnation = @incarnation)
            insert into {topic}.incarnations (ordinal, incarnation, fork)
            select max(ordinal) + 1, @incarnation, @fork from {topic}.incarnations
            """,
            new { incarnation, fork }
        );
    }

    /// <summary>Takes the database away, ends all connections to it, and on disposal brings it back.</summary>
    public async Task<IAsyncDisposable> Outage()
    {
        await Everyone($"alter database {database.Name} allow_connections false");
        await Everyone($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}'");
        return new Ended(() => Everyone($"alter database {database.Name} allow_connections true"));
    }

    async Task Everyone(string sql)
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString)
        {
            Database = "postgres",
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(elsewhere.ConnectionString);
        await connection.ExecuteAsync(sql);
    }

    sealed class Ended(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await stop.CancelAsync();
        await Task.WhenAll(running);
        stop.Dispose();
        await database.DisposeAsync();
    }

    EventJournal JournalOf(string topic) =>
        app.Services.GetServices<ServiceDatabase>().Single(service => service.Name == topic).Journal;

    /// <summary>A token is its scopes, and after a bar the second at which it ends.</summary>
    static VerifiedToken? Check(string token)
    {
        if (token == "forged")
            return null;
        var parts = token.Split('|');
        var until =
            parts.Length > 1
                ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1]))
                : TimeProvider.System.GetUtcNow().AddHours(1);
        var scopes = parts[0].Split(' ').Select(scope => new Claim(KontorBearer.ScopeClaim, scope));
        return new(new ClaimsPrincipal(new ClaimsIdentity(scopes, KontorBearer.Name)), until);
    }
}
