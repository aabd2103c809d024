using System.Data;
using System.Text.Json;
using Npgsql;

namespace Kontor.Journal.Tests;

/// <summary>Finding new rows costs the same whatever the journal holds. Asserted on pages touched, not on time.</summary>
[Collection(Alone.Name)]
public sealed class CostTests(ThrowawayServer server)
{
    const int Steps = 6;
    const int PerStep = 50_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Three_hundred_thousand_events_under_an_open_snapshot_are_found_as_cheaply_as_the_first(
        bool holdsTheMark
    )
    {
        await using var test = await server.NewJournal();
        await using var led = await test.Lead();
        await using var dump = await test.Owner.OpenConnectionAsync();
        await using var snapshot = await dump.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await Read<long>(dump, "select count(*) from journal");
        if (holdsTheMark)
            await Read<string>(dump, "select pg_current_xact_id()::text");
        await test.Do($"insert into streams (id, version) values ('s', {Steps * PerStep})");
        List<(long Find, long Head, long ByIndexAlone)> pages = [];

        for (var step = 0; step < Steps; step++)
        {
            await test.Do(
                $$"""
                insert into journal (stream, version, type, time, body)
                select 's', {{step * PerStep}} + g, 't', clock_timestamp(), '{}' from generate_series(1, {{PerStep}}) g
                """
            );
            while ((await led.Numbering.Pass(default)).Numbered > 0) { }
            if (!holdsTheMark)
                await led.PassUntilMark((step + 1) * PerStep);
            pages.Add(
                (
                    await Pages(led, led.Numbering.Near()),
                    await Pages(led, led.Numbering.MoveHead(0, led.Numbering.Mark)),
                    await Pages(led, new("select id from journal where sequence is null order by id limit 1000"))
                )
            );
        }

        Assert.Equal(Steps * PerStep, led.Numbering.Head);
        Assert.Equal(holdsTheMark ? 0 : Steps * PerStep, led.Numbering.Mark);
        Assert.All(pages, p => Assert.InRange(p.Find, 1, 12));
        Assert.All(pages, p => Assert.InRange(p.Head, 1, 40));
        // The same measure on the query that ours replaces: it can see growth.
        Assert.True(pages[^1].ByIndexAlone > 10 * pages[^1].Find, $"{pages[^1]}");
        Assert.True(pages[^1].ByIndexAlone > 2 * pages[0].ByIndexAlone, $"{pages[0]} {pages[^1]}");
    }

    /// <summary>Pages that the very statement touches, planned and run on the numbering connection, and undone.</summary>
    static async Task<long> Pages(Led led, NpgsqlBatchCommand statement)
    {
        await using var undone = await led.Connection.BeginTransactionAsync();
        await using var explain = new NpgsqlCommand(
            $"explain (analyze, buffers, format json) {statement.CommandText}",
            led.Connection,
            undone
        );
        foreach (var parameter in statement.Parameters.Cast<NpgsqlParameter>())
            explain.Parameters.Add(parameter.Clone());
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!);
        var top = plan.RootElement[0].GetProperty("Plan");
        return top.GetProperty("Shared Hit Blocks").GetInt64() + top.GetProperty("Shared Read Blocks").GetInt64();
    }

    static async Task<T> Read<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
