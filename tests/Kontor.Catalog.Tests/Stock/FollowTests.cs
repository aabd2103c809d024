using Kontor.Catalog.Stock;
using Kontor.Contracts.Ordering;
using Kontor.Journal;
using Kontor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>The stock follows the orders: over Ordering's real journal, in the same database.</summary>
public sealed class FollowTests : IAsyncLifetime
{
    readonly CancellationTokenSource over = new(TimeSpan.FromMinutes(2));
    readonly Shop shop = new();
    Task sequencing = Task.CompletedTask;
    EventJournal? orders;

    public async ValueTask InitializeAsync()
    {
        if (!await TestPostgres.IsThere())
            return;
        await shop.InitializeAsync();
        orders = new("ordering", shop.Postgres.Source("ordering"), TimeProvider.System);
        sequencing = new Sequencer(orders, NullLogger<Sequencer>.Instance).Run(over.Token);
    }

    [Fact]
    public async Task An_order_that_is_placed_keeps_its_stock_and_one_that_is_rejected_gives_it_back()
    {
        var (sku, placed, rejected, unknown) = (await shop.Stocked(9), NewId(), NewId(), NewId());
        foreach (var id in new[] { placed, rejected })
            await shop.Reserve(id, (sku, 2));
        using var follower = Follow();
        await follower.StartAsync(default);

        await Happened(Placed(placed), Rejected(rejected), Rejected(unknown), Placed(NewId()));
        await Read(4);

        Assert.Equal(
            (ReservationState.Committed, ReservationState.Released, "none"),
            (await shop.State(placed), await shop.State(rejected), await shop.State(unknown))
        );
        Assert.Equal(2, await shop.Reserved(sku));
        Assert.Equal(
            "2",
            await shop.Query<string>(
                "select body->>'reserved' from journal where stream = $1 order by version desc limit 1",
                $"stock-{sku}"
            )
        );
        Assert.Empty(await shop.Faults());
        Assert.Equal(0, await shop.Query<long>("select count(*) from parked"));
        await follower.StopAsync(default);
    }

    [Fact]
    public async Task An_order_is_followed_whoever_made_its_reservation()
    {
        var (sku, placed, rejected) = (await shop.Stocked(9), NewId(), NewId());
        foreach (var id in new[] { placed, rejected })
            (await shop.Client("ordering-apart").Put(Path(id), Lines((sku, 2)))).Is(200);
        using var follower = Follow();
        await follower.StartAsync(default);

        await Happened(Placed(placed), Rejected(rejected));
        await Read(2);

        Assert.Equal(
            (ReservationState.Committed, ReservationState.Released, 2),
            (await shop.State(placed), await shop.State(rejected), await shop.Reserved(sku))
        );
        await follower.StopAsync(default);
    }

    [Fact]
    public async Task An_event_is_followed_once_though_it_is_read_again()
    {
        var (sku, order) = (await shop.Stocked(9), NewId());
        await shop.Reserve(order, (sku, 2));
        await Happened(Rejected(order));
        for (var i = 0; i < 2; i++)
        {
            using var follower = Follow();
            await follower.StartAsync(default);
            await Read(1);
            await follower.StopAsync(default);
            await Rewind();
        }

        Assert.Equal(0, await shop.Reserved(sku));
        Assert.Empty(await shop.Faults());
    }

    OrdersFollowed Follow()
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton<IEventFeed>(OrdersFollowed.Feed, new Follower(orders!));
        return new(
            services.BuildServiceProvider(),
            shop.Database,
            TimeProvider.System,
            NullLogger<OrdersFollowed>.Instance,
            NullLoggerFactory.Instance
        );
    }

    async Task Happened(params OrderEvent[] events)
    {
        await using var connection = await orders!.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await orders.Append(transaction, [.. events.Select(e => NewEvent.Of($"order-{NewId()}", e))], default);
        await transaction.CommitAsync();
        orders.Signal();
    }

    /// <summary>Waits until the checkpoint stands at this event.</summary>
    async Task Read(long sequence)
    {
        while (
            await shop.Query<long>(
                "select coalesce((select sequence from subscriptions where name = $1), 0)",
                OrdersFollowed.Name
            ) < sequence
        )
            await Task.Delay(20, over.Token);
    }

    async Task Rewind()
    {
        await using var rewind = shop.Database.Source.CreateCommand("update subscriptions set sequence = 0");
        await rewind.ExecuteNonQueryAsync();
    }

    static OrderEvent.Placed Placed(Guid order) => new(order, "K-1", new(100, "EUR"), TimeProvider.System.GetUtcNow());

    static OrderEvent.Rejected Rejected(Guid order) =>
        new(order, "PAYMENT_DECLINED", [], TimeProvider.System.GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await sequencing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await shop.DisposeAsync();
        over.Dispose();
    }
}
