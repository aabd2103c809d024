using System.Text.Json;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>What orders mean for the stock held under their ids: placed is sold, rejected is given back.</summary>
/// <remarks>
/// The reservation is the order's by its id, whoever made it: the checkout, or Ordering's own client where it runs apart.
/// A checkout releases its stock itself before it says rejected; this is the net below it. It runs where the host has
/// registered an <see cref="IEventFeed"/> under the key <see cref="Feed"/>. The subscription's own lease lets one process
/// at a time read. A hundred events may share a transaction, so stock rows of several orders are not locked in one order:
/// a deadlock with a batch of the desk is possible, ends one of the two, and the subscription tries again one by one.
/// </remarks>
sealed partial class OrdersFollowed(
    IServiceProvider services,
    CatalogDatabase database,
    TimeProvider clock,
    ILogger<OrdersFollowed> log,
    ILoggerFactory logs
) : BackgroundService
{
    /// <summary>The key under which a host registers the feed of Ordering's events.</summary>
    public const string Feed = "ordering";

    /// <summary>The checkpoint's name; never changed.</summary>
    internal const string Name = "orders";

    const string Placed = "order.placed.v1";
    const string Rejected = "order.rejected.v1";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        services.GetKeyedService<IEventFeed>(Feed) is { } feed
            ? new Subscription(Name, feed, database.Source, Handle, logs.CreateLogger<Subscription>())
            {
                Wants = happened => happened.Type is Placed or Rejected,
            }.Run(stoppingToken)
            : Task.CompletedTask;

    internal async Task Handle(RecordedEvent happened, NpgsqlTransaction transaction, CancellationToken stop)
    {
        var work = new Work(database, transaction);
        switch (happened.Type)
        {
            case Placed:
                await Commit(work, OrderOf(happened), stop);
                break;
            case Rejected:
                await Release(work, OrderOf(happened), stop);
                break;
            default:
                return;
        }
        FaultPoint.Pass("stock.followed.before-commit");
    }

    /// <summary>Moves no stock: what was held is still reserved until it is sent.</summary>
    async Task Commit(Work work, Guid order, CancellationToken stop)
    {
        await using var commit = work.Batch();
        commit.BatchCommands.Add(
            new("update reservations set state = 'committed' where id = $1 and state = 'held'")
            {
                Parameters = { new() { Value = order } },
            }
        );
        commit.BatchCommands.Add(
            new("select state from reservations where id = $1") { Parameters = { new() { Value = order } } }
        );
        if (await commit.ExecuteScalarAsync(stop) is not ReservationState.Committed and var state)
            LogNotHeld(order, state as string ?? "unknown");
    }

    async Task Release(Work work, Guid order, CancellationToken stop)
    {
        await using var end = work.Command(
            "update reservations set state = 'released', ended_at = $2 where id = $1 and state = 'held'",
            order,
            clock.GetUtcNow()
        );
        if (await end.ExecuteNonQueryAsync(stop) == 0)
            return;
        LogReleased(order);
        await GiveBack(work, order, stop);
        await work.Append(stop);
    }

    async Task GiveBack(Work work, Guid reservation, CancellationToken stop)
    {
        await using var give = work.Command(
            $"""
            with locked as (
                select s.variant, s.location, l.sku, l.quantity from reservation_lines l
                join stock s on s.variant = l.variant and s.location = l.location
                where l.reservation = $1 order by s.variant, s.location for update of s
            )
            update stock s set reserved = s.reserved - l.quantity from locked l
            where s.variant = l.variant and s.location = l.location
            returning s.variant, l.sku, s.location, l.quantity, {StockLevel.Columns}
            """,
            reservation
        );
        await using var reader = await give.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var after = StockLevel.Of(reader, 4);
            var before = after with { Reserved = after.Reserved + reader.GetInt64(3) };
            var row = new StockRow(reader.GetGuid(0), reader.GetString(1), new(reader.GetString(2)), before);
            row.Leave(after);
            StockLevel.Changed(work, row, "released", clock.GetUtcNow());
        }
    }

    /// <summary>Only this member is read: a newer Ordering may say more than this version knows.</summary>
    static Guid OrderOf(RecordedEvent happened)
    {
        using var body = JsonDocument.Parse(happened.Body);
        return body.RootElement.GetProperty("order").GetGuid();
    }

    [LoggerMessage(1, LogLevel.Error, "Order {Order} was placed, and its reservation is {State}")]
    partial void LogNotHeld(Guid order, string state);

    [LoggerMessage(2, LogLevel.Warning, "Order {Order} was rejected and still held stock; it is released")]
    partial void LogReleased(Guid order);
}
