using System.Collections.Concurrent;
using System.Data;
using Npgsql;

namespace Kontor.Journal.Tests;

/// <summary>Sixteen writers, sequencers that are killed and frozen, an open snapshot; then the whole journal is held
/// against what the writers and the followers know.</summary>
[Collection(Alone.Name)]
public sealed class ChaosTests(ThrowawayServer server)
{
    const int Writers = 16;

    readonly ConcurrentBag<Acked> acked = [];
    readonly ConcurrentBag<JournalHead> heads = [];
    readonly ConcurrentBag<string> failures = [];
    int rolledBack;

    sealed record Acked(long Begun, long Committed, long LastId, string Body, int Events);

    [Fact]
    public Task Nothing_is_lost_doubled_or_turned_around() => Storm(TimeSpan.FromSeconds(20), seed: 1);

    [Fact]
    [Trait("Kind", "long")]
    public Task Nothing_is_lost_doubled_or_turned_around_for_longer() => Storm(TimeSpan.FromSeconds(90), seed: 2);

    async Task Storm(TimeSpan length, int seed)
    {
        await using var test = await server.NewJournal();
        var contenders = new List<Contender>();
        await using var dump = await test.Owner.OpenConnectionAsync();
        await using var snapshot = await dump.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using (var look = new NpgsqlCommand("select count(*) from journal", dump))
            await look.ExecuteScalarAsync();
        using var endWriting = new CancellationTokenSource();
        using var endReading = new CancellationTokenSource();
        try
        {
            contenders.Add(Contender.Start("sequencer", test));
            contenders.Add(Contender.Start("sequencer", test));
            var writing = Enumerable.Range(0, Writers).Select(w => Write(test, new(seed * 100 + w), endWriting));
            var all = Task.WhenAll(writing.ToArray());
            var watching = Watch(test, endReading);
            var following = new[] { Follow(test, new(seed), endReading), Follow(test, new(seed + 1), endReading) };

            var hits = await Disturb(test, contenders, new(seed), length);
            await endWriting.CancelAsync();
            await all;
            var total = acked.Sum(a => (long)a.Events);
            await test.UntilNumbered(total);
            var read = await ReadAll(test);
            await TestJournal.Until(() => Task.FromResult(following.All(f => f.Read.Count >= total)), all => all);
            await endReading.CancelAsync();
            await Task.WhenAll([watching, .. following.Select(f => f.Running)]);

            Assert.Empty(failures);
            Assert.True(hits >= 2 && rolledBack > 0 && acked.Count > 100, $"{hits} hits, {acked.Count} commits");
            Assert.True(await test.One<long>("select epoch from head") > hits, "each hit on a leader makes a new one");
            Assert.Empty(await test.Journal.Check(default));
            Assert.Equal(total, read.Count);
            HoldsAgainst(read);
            Assert.All(following, f => Assert.Equal(read, f.Read));
        }
        finally
        {
            await endWriting.CancelAsync();
            await endReading.CancelAsync();
            foreach (var contender in contenders)
                await contender.DisposeAsync();
        }
    }

    /// <summary>Every commit that was answered stands in the journal, cause before effect, and every head's mark was true.</summary>
    void HoldsAgainst(List<RecordedEvent> read)
    {
        var sequenceOf = read.ToDictionary(e => e.Id, e => e.Sequence);
        var bodies = read.ToLookup(e => e.Body);
        Assert.All(acked, a => Assert.Equal(a.Events, bodies[a.Body].Count()));
        Assert.All(acked, a => Assert.Contains(a.LastId, sequenceOf));

        var first = acked.ToDictionary(a => a.Body, a => bodies[a.Body].Min(e => e.Sequence));
        var byCommit = new Queue<Acked>(acked.OrderBy(a => a.Committed));
        var before = 0L;
        foreach (var effect in acked.OrderBy(a => a.Begun))
        {
            while (byCommit.TryPeek(out var cause) && cause.Committed < effect.Begun)
                before = Math.Max(before, bodies[byCommit.Dequeue().Body].Max(e => e.Sequence));
            Assert.True(first[effect.Body] > before, "An effect has a smaller sequence than its cause.");
        }

        var byId = new Queue<RecordedEvent>(read.OrderBy(e => e.Id));
        var highest = 0L;
        foreach (var head in heads.OrderBy(h => h.Mark).ThenBy(h => h.Sequence))
        {
            while (byId.TryPeek(out var next) && next.Id <= head.Mark)
                highest = Math.Max(highest, byId.Dequeue().Sequence);
            Assert.True(highest <= head.Sequence, $"The mark {head.Mark} was not true at the head {head.Sequence}.");
        }
    }

    /// <summary>Kills and freezes leaders by turns; a freeze tries to meet the leader inside its numbering.</summary>
    static async Task<int> Disturb(TestJournal test, List<Contender> contenders, Random random, TimeSpan length)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var hits = 0;
        while (TimeProvider.System.GetElapsedTime(begun) < length)
        {
            await Task.Delay(random.Next(1000, 3000));
            var epoch = await TestJournal.Until(
                () =>
                    test.One<long>(
                        "select coalesce(max(epoch), 0) from leases where role = 'sequencer' and expires > clock_timestamp()"
                    ),
                e => e > 0
            );
            var holder = await test.One<string>("select holder from leases where role = 'sequencer'");
            var leader = contenders.Single(c => holder.EndsWith($":{c.Id}", StringComparison.Ordinal));
            if (hits++ % 2 == 0)
            {
                await leader.Kill();
                contenders.Add(Contender.Start("sequencer", test));
            }
            else
                await FreezeInside(test, leader, random);
            await TestJournal.Until(() => test.One<long>("select epoch from head"), e => e > epoch);
            await Task.Delay(random.Next(500));
            if (hits % 2 == 0)
                await leader.Thaw();
        }
        return hits;
    }

    static async Task FreezeInside(TestJournal test, Contender leader, Random random)
    {
        for (var attempt = 0; attempt < 40; attempt++)
        {
            await leader.Freeze();
            if (
                await test.One<bool>(
                    """
                    select exists (select from pg_stat_activity a join leases l using (pid)
                        where l.role = 'sequencer' and a.state = 'idle in transaction')
                    """
                )
            )
            {
                TestContext.Current.SendDiagnosticMessage("A leader was frozen inside its numbering.");
                return;
            }
            if (attempt < 39)
                await leader.Thaw();
            await Task.Delay(random.Next(20));
        }
    }

    async Task Write(TestJournal test, Random random, CancellationTokenSource end)
    {
        await using var connection = await test.Source.OpenConnectionAsync();
        for (var n = 0; !end.IsCancellationRequested; n++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await using var transaction = await connection.BeginTransactionAsync();
            try
            {
                // Sometimes the transaction owns an xid long before it appends.
                if (random.Next(4) == 0)
                {
                    await Execute(connection, "select pg_current_xact_id()::text");
                    await Task.Delay(random.Next(200));
                }
                var events = await Events(transaction, random, $"{{\"writer\": \"{random.Next()}-{n}\"}}");
                Position position;
                if (random.Next(6) == 0)
                {
                    await transaction.SaveAsync("before");
                    await test.Journal.Append(transaction, events, default);
                    await transaction.RollbackAsync("before");
                    position = await test.Journal.Append(transaction, events, default);
                }
                else
                    position = await test.Journal.Append(transaction, events, default);

                if (random.Next(20) == 0)
                    await Task.Delay(random.Next(60));
                if (random.Next(12) == 0)
                {
                    await transaction.RollbackAsync();
                    Interlocked.Increment(ref rolledBack);
                    continue;
                }
                await transaction.CommitAsync();
                acked.Add(
                    new(begun, TimeProvider.System.GetTimestamp(), position.Number, events[0].Body, events.Length)
                );
                test.Journal.Signal();
            }
            catch (StreamConflictException)
            {
                // The append has ended the transaction.
            }
            catch (PostgresException broken)
            {
                failures.Add(broken.Message);
            }
            await Task.Delay(random.Next(20));
        }
    }

    static async Task<NewEvent[]> Events(NpgsqlTransaction transaction, Random random, string body)
    {
        var streams = Enumerable
            .Range(0, random.Next(10) < 7 ? 1 : random.Next(2, 5))
            .Select(_ => $"order-{random.Next(200)}")
            .Distinct()
            .ToArray();
        var expects = random.Next(2) == 0;
        var known = new Dictionary<string, long>();
        await using var read = new NpgsqlCommand(
            "select id, version from streams where id = any($1)",
            transaction.Connection,
            transaction
        )
        {
            Parameters = { new() { Value = streams } },
        };
        await using var reader = await read.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            known[reader.GetString(0)] = reader.GetInt64(1);
        return
        [
            .. streams.SelectMany(s =>
                Enumerable.Repeat(
                    TestJournal.Event(s, expects ? known.GetValueOrDefault(s) : null, body),
                    random.Next(1, 3)
                )
            ),
        ];
    }

    async Task Watch(TestJournal test, CancellationTokenSource end)
    {
        while (!end.IsCancellationRequested)
        {
            heads.Add(await test.Journal.Head(default));
            await Task.Delay(20);
        }
    }

    /// <summary>Follows, and breaks off at random to go on from the last sequence it has.</summary>
    static (List<RecordedEvent> Read, Task Running) Follow(TestJournal test, Random random, CancellationTokenSource end)
    {
        var read = new List<RecordedEvent>();
        var follower = new Follower(test.Another());
        async Task Run()
        {
            while (!end.IsCancellationRequested)
                try
                {
                    var left = random.Next(1, 2000);
                    await foreach (var happened in follower.Events(read.Count, end.Token))
                    {
                        read.Add(happened);
                        if (--left == 0)
                            break;
                    }
                }
                catch (OperationCanceledException) when (end.IsCancellationRequested) { }
        }
        return (read, Run());
    }

    static async Task<List<RecordedEvent>> ReadAll(TestJournal test)
    {
        var read = new List<RecordedEvent>();
        while ((await test.Journal.Read(read.Count, EventJournal.MaxRead, default)).Events is { Count: > 0 } events)
            read.AddRange(events);
        return read;
    }

    static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteScalarAsync();
    }
}
