using Kontor.Catalog.Stock;
using Microsoft.Extensions.Logging.Abstractions;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>What can become of a reservation.</summary>
public sealed class StatesTests(Shop shop) : IClassFixture<Shop>
{
    static readonly DateTimeOffset LongAgo = DateTimeOffset.UnixEpoch.AddYears(50);
    static readonly DateTimeOffset FarOff = DateTimeOffset.UnixEpoch.AddYears(200);

    [Fact]
    public async Task An_overdue_reservation_ends_by_itself_and_gives_back()
    {
        var (sku, due, later) = (await shop.Stocked(10), NewId(), NewId());
        foreach (var (id, expires) in new[] { (due, LongAgo), (later, FarOff) })
            await shop.Catalog.Reserve(Wanted(id, (sku, 2)) with { ExpiresAt = expires }, default);

        await Until(() => shop.State(due), ReservationState.Expired);

        Assert.Equal((ReservationState.Held, 2), (await shop.State(later), await shop.Reserved(sku)));
        Assert.True((await shop.Reserve(due, (sku, 2))).Released);
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_sold_reservation_does_not_expire()
    {
        var (sku, id) = (await shop.Stocked(1), NewId());
        var settled = await StockBatch.Settle(
            shop.Database,
            [
                Wish.Of(Wanted(id, (sku, 1)) with { ExpiresAt = LongAgo }, ReservationOwner.Checkout),
                new Wish.Commit(id, ReservationOwner.Checkout),
                new Wish.Commit(id, ReservationOwner.Checkout),
                new Wish.Expire(id),
            ],
            1000,
            TimeProvider.System
        );

        var late = await shop.Desk.Ask(new Wish.Expire(id), default);

        Assert.All(settled!.Skip(1).Append(late), s => Assert.Equal(ReservationState.Committed, s.State));
        Assert.Equal(1, await shop.Reserved(sku));
        Assert.True((await shop.Reserve(id, (sku, 1))).Held);
    }

    [Fact]
    public async Task A_reservation_without_a_time_is_never_ended_by_the_timer()
    {
        var (sku, id) = (await shop.Stocked(1), NewId());
        await shop.Reserve(id, (sku, 1));

        var settled = await shop.Desk.Ask(new Wish.Expire(id), default);

        Assert.Equal((ReservationState.Held, 1), (settled.State, await shop.Reserved(sku)));
    }

    [Fact]
    public async Task A_sold_reservation_can_be_released_and_then_not_be_sold_again()
    {
        var (sku, id) = (await shop.Stocked(1), NewId());
        await shop.Reserve(id, (sku, 1));
        await shop.Desk.Ask(new Wish.Commit(id, ReservationOwner.Checkout), default);

        await shop.Catalog.Release(id, default);
        var again = await shop.Desk.Ask(new Wish.Commit(id, ReservationOwner.Checkout), default);

        Assert.Equal((ReservationState.Released, 0), (again.State, await shop.Reserved(sku)));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task Nothing_stands_under_an_unknown_id_that_is_committed()
    {
        var id = NewId();

        Assert.Null((await shop.Desk.Ask(new Wish.Commit(id, ReservationOwner.Checkout), default)).State);
        Assert.Equal("none", await shop.State(id));
    }

    [Fact]
    public async Task A_repeat_with_other_lines_changes_nothing_and_is_the_askers_bug()
    {
        var (sku, id) = (await shop.Stocked(9), NewId());
        await shop.Reserve(id, (sku, 2));

        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Reserve(id, (sku, 3)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Reserve(id, (sku, 2), ("OTHER", 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => shop.Reserve(NewId(), (sku, 0)));

        Assert.True((await shop.Reserve(id, (sku, 1), (sku, 1))).Held);
        Assert.Equal(2, await shop.Reserved(sku));
    }

    [Fact]
    public async Task Many_overdue_ones_end_in_small_batches()
    {
        var sku = await shop.Stocked(1000);
        var ids = Enumerable.Range(0, EndOverdue.BatchSize + 20).Select(_ => NewId()).ToList();
        await Task.WhenAll(
            ids.Select(id => shop.Catalog.Reserve(Wanted(id, (sku, 1)) with { ExpiresAt = LongAgo }, default))
        );
        using var worker = new EndOverdue(
            shop.Database,
            shop.Desk,
            TimeProvider.System,
            NullLogger<EndOverdue>.Instance
        );

        Assert.InRange(await worker.End(default), 0, EndOverdue.BatchSize);
        await worker.End(default);

        Assert.Equal(0, await shop.Reserved(sku));
        Assert.Empty(await shop.Faults());
    }

    static async Task Until(Func<Task<string>> look, string wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await look() != wanted)
            await Task.Delay(20, limit.Token);
    }
}
