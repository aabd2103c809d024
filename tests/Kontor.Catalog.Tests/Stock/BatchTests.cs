using System.Diagnostics;
using CsCheck;
using Kontor.Catalog.Stock;
using Npgsql;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>Many who want stock at once, settled together.</summary>
public sealed class BatchTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Of_two_hundred_buyers_of_a_hundred_pieces_exactly_a_hundred_are_held()
    {
        var sku = await shop.Stocked(100);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => shop.Reserve(NewId(), (sku, 1))));

        Assert.Equal(100, outcomes.Count(outcome => outcome.Held));
        Assert.Equal(100, await shop.Reserved(sku));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task Two_processes_at_once_hold_exactly_what_is_there()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Stocked(100)));
        using var other = await Desk(shop.Database);
        StockDesk[] desks = [shop.Desk, other];

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 600)
                .Select(i =>
                    desks[i % 2]
                        .Ask(
                            Wish.Of(
                                Wanted(NewId(), (skus[i % 3], 1), (skus[(i + 1) % 3], 1)),
                                ReservationOwner.Checkout
                            ),
                            default
                        )
                )
        );

        Assert.Equal(150, outcomes.Count(outcome => outcome.Holds));
        foreach (var sku in skus)
            Assert.Equal(100, await shop.Reserved(sku));
        Assert.Empty(await shop.Faults());
        await other.StopAsync(default);
    }

    [Fact]
    public async Task One_id_at_two_processes_at_once_takes_once()
    {
        var sku = await shop.Stocked(1000);
        using var other = await Desk(shop.Database);
        StockDesk[] desks = [shop.Desk, other];
        var ids = Enumerable.Range(0, 50).Select(_ => NewId()).ToList();

        var outcomes = await Task.WhenAll(
            ids.SelectMany(id =>
                desks.Select(desk => desk.Ask(Wish.Of(Wanted(id, (sku, 2)), ReservationOwner.Checkout), default))
            )
        );

        Assert.All(outcomes, outcome => Assert.True(outcome.Holds));
        Assert.Equal(100, await shop.Reserved(sku));
        await other.StopAsync(default);
    }

    [Fact]
    public async Task One_id_at_two_processes_is_not_short_of_what_it_took_itself()
    {
        var sku = await shop.Stocked(100);
        using var other = await Desk(shop.Database);
        StockDesk[] desks = [shop.Desk, other];
        var id = NewId();
        Task<Settled[]> asked;
        await using (var connection = await shop.Database.Source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var hold = new NpgsqlCommand(
                "select 1 from stock s join variants v on v.id = s.variant where v.sku = $1 for update of s",
                connection,
                transaction
            );
            hold.Parameters.Add(new() { Value = sku });
            await hold.ExecuteScalarAsync();
            asked = Task.WhenAll(
                desks.Select(desk => desk.Ask(Wish.Of(Wanted(id, (sku, 60)), ReservationOwner.Checkout), default))
            );
            // Both have looked for the reservation and found none.
            while (
                await shop.Query<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") < 2
                && !asked.IsCompleted
            )
                await Task.Delay(5, CancellationToken.None);
        }

        Assert.All(await asked, outcome => Assert.True(outcome.Holds, $"{outcome}"));
        Assert.Equal(60, await shop.Reserved(sku));
        await other.StopAsync(default);
    }

    [Fact]
    public async Task A_bad_demand_among_fifty_good_ones_fails_alone()
    {
        var sku = await shop.Stocked(100);
        var bad = Wanted(NewId(), ("no\0such", 1));
        var good = Enumerable.Range(0, 50).Select(_ => Wanted(NewId(), (sku, 1))).ToList();

        var asked = good[..25].Append(bad).Concat(good[25..]).Select(wanted => shop.Catalog.Reserve(wanted, default));
        var tasks = asked.ToList();
        await Task.WhenAll(tasks).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal([25], tasks.Select((task, i) => (task, i)).Where(t => t.task.IsFaulted).Select(t => t.i));
        Assert.Equal(50, await shop.Reserved(sku));
    }

    [Fact]
    public async Task Any_set_of_demands_leaves_reserved_what_the_holding_reservations_hold()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => shop.Stocked(5 + 10 * i)));
        using var other = await Desk(shop.Database);
        StockDesk[] desks = [shop.Desk, other];
        var ids = Enumerable.Range(0, 40).Select(_ => NewId()).ToArray();
        var wish = Gen.Select(Gen.Int[0, 39], Gen.Int[0, 9], Gen.Int[1, 4], Gen.Int[0, 5], Gen.Int[0, 5]);

        await wish.Array[100]
            .SampleAsync(
                async wishes =>
                {
                    await Task.WhenAll(
                        wishes.Select(async (w, i) => await desks[i % 2].Ask(WishOf(w, ids, skus), default))
                    );
                    Assert.Empty(await shop.Faults());
                },
                iter: 10,
                threads: 1
            );

        await other.StopAsync(default);
    }

    static Wish WishOf((int Id, int Kind, int Quantity, int One, int Two) wish, Guid[] ids, string[] skus) =>
        wish.Kind switch
        {
            < 6 => Wish.Of(
                Wanted(
                    // Most under a new id; some again under one that others use at the same time.
                    wish.Kind < 4
                        ? NewId()
                        : ids[wish.Id],
                    (skus[wish.One], wish.Quantity),
                    (skus[wish.Two], 1)
                ),
                ReservationOwner.Checkout
            ),
            < 8 => new Wish.Release(ids[wish.Id], ReservationOwner.Checkout),
            _ => new Wish.Commit(ids[wish.Id], ReservationOwner.Checkout),
        };

    [Fact]
    public async Task A_batch_costs_four_statements_and_a_commit_however_many_wait()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.Stocked(1000)));
        Wish[] wishes =
        [
            .. Enumerable
                .Range(0, 100)
                .Select(i =>
                    Wish.Of(Wanted(NewId(), (skus[i % 5], 1), (skus[(i + 1) % 5], 2)), ReservationOwner.Checkout)
                ),
        ];

        using var counted = Statements.Start();
        using (new Activity("batch").SetParentId(counted.TraceParent).Start())
            await StockBatch.Settle(shop.Database, wishes, 1000, TimeProvider.System);

        Assert.InRange(counted.Count, 4, 5);
        Assert.Equal(60, await shop.Reserved(skus[0]));
    }

    [Fact]
    public async Task A_batch_that_takes_and_gives_the_same_writes_no_event()
    {
        var (sku, id, next) = (await shop.Stocked(1), NewId(), NewId());
        await shop.Reserve(id, (sku, 1));
        var before = await Events(sku);

        var settled = await StockBatch.Settle(
            shop.Database,
            [
                new Wish.Release(id, ReservationOwner.Checkout),
                Wish.Of(Wanted(next, (sku, 1)), ReservationOwner.Checkout),
            ],
            1000,
            TimeProvider.System
        );

        Assert.Equal([ReservationState.Released, ReservationState.Held], settled!.Select(s => s.State));
        Assert.Equal((1, before), (await shop.Reserved(sku), await Events(sku)));
    }

    [Fact]
    public async Task Who_gave_up_before_the_batch_began_is_skipped()
    {
        var (sku, id) = (await shop.Stocked(1), NewId());
        var desk = new StockDesk(
            shop.Database,
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<StockDesk>.Instance
        );
        using var patience = new CancellationTokenSource();
        var gone = desk.Ask(Wish.Of(Wanted(id, (sku, 1)), ReservationOwner.Checkout), patience.Token);
        var stays = desk.Ask(Wish.Of(Wanted(NewId(), (sku, 1)), ReservationOwner.Checkout), default);

        await patience.CancelAsync();
        await desk.StartAsync(default);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.True((await stays).Holds);
        Assert.Equal("none", await shop.State(id));
        await desk.StopAsync(default);
    }

    [Fact]
    public async Task A_full_desk_refuses_at_once_and_settles_who_waits()
    {
        using var desk = new StockDesk(
            shop.Database,
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<StockDesk>.Instance
        );
        var waiting = Enumerable
            .Range(0, StockDesk.MaxWaiting)
            .Select(_ => desk.Ask(new Wish.Commit(NewId(), ReservationOwner.Checkout), default))
            .ToList();

        await Assert.ThrowsAsync<DeskIsFullException>(() =>
            desk.Ask(new Wish.Commit(NewId(), ReservationOwner.Checkout), default)
        );
        await desk.StartAsync(default);
        await desk.StopAsync(default);

        Assert.All(await Task.WhenAll(waiting), settled => Assert.Null(settled.State));
        await Assert.ThrowsAsync<DeskIsFullException>(() =>
            desk.Ask(new Wish.Commit(NewId(), ReservationOwner.Checkout), default)
        );
    }

    Task<long> Events(string sku) => shop.Query<long>("select count(*) from journal where stream = $1", $"stock-{sku}");
}
