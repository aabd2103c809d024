using System.Data;
using System.Text.Json;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Ordering.Orders;

/// <summary>Replays every order's events and holds its row to what comes of them, byte for byte.</summary>
sealed class OrdersReplayed(OrderingDatabase database) : ICheck
{
    const int Together = 500;

    public string Service => "ordering";

    public string Rule => "ORDER_ROWS_REPLAY";

    /// <remarks>In one snapshot, so that rows and events belong together while orders go on being placed.</remarks>
    public async Task<IReadOnlyList<string>> Run(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        var findings = new List<string>();
        for (var after = Guid.Empty; findings.Count < ICheck.MaxFindings; )
        {
            var page = await OrderTable.Page(snapshot, after, Together, stop);
            if (page.Count == 0)
                break;
            var streams = page.Select(row => Order.StreamOf(row.Id)).ToList();
            var events = await EventJournal.ReadStreams(streams, snapshot, stop);
            findings.AddRange(page.Select(row => Compare(row, events[Order.StreamOf(row.Id)])).OfType<string>());
            after = page[^1].Id.Value;
        }
        findings.AddRange(await WithoutRow(snapshot, stop));
        return findings;
    }

    /// <summary>Null where the row is what its events say.</summary>
    internal static string? Compare(OrderView row, IEnumerable<RecordedEvent> events)
    {
        string replayed;
        try
        {
            if (Order.Fold(events.Select(OrderStream.Read)) is not { } order)
                return $"order {row.Id} has a row and no events";
            replayed = JsonSerializer.Serialize(OrderView.Of(order), KontorJson.Options);
        }
        catch (Exception corrupt)
        {
            // Nothing here but what stands in the journal can fail, and that it does is what this check is to find.
            return $"order {row.Id} has events that cannot be replayed: {corrupt.Message}";
        }
        var stands = JsonSerializer.Serialize(row, KontorJson.Options);
        return replayed == stands ? null : $"order {row.Id} is {stands}; its events make {replayed}";
    }

    static async Task<IReadOnlyList<string>> WithoutRow(NpgsqlTransaction snapshot, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand(
            """
            select s.id from streams s
            where s.id like 'order-%' and not exists (select from orders o where 'order-' || o.id = s.id) limit $1
            """,
            snapshot.Connection,
            snapshot
        ).With(ICheck.MaxFindings);
        find.CommandTimeout = 0; // It reads everything, by an operator's wish.
        var findings = new List<string>();
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            findings.Add($"the stream {row.GetString(0)} has events and no row");
        return findings;
    }
}
