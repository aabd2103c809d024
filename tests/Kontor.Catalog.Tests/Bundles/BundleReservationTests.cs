using Kontor.Catalog.Stock;
using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Stock;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Bundles;

/// <summary>Bundles are taken as what they are made of.</summary>
public sealed class BundleReservationTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_bundle_that_is_held_stays_in_its_product()
    {
        var (cup, other) = (await shop.Stocked(5), shop.Fresh("other"));
        var kit = await shop.Bundle((cup, 1));
        var wish = Wish.Of(Wanted(NewId(), (kit, 1)), ReservationOwner.Checkout);
        Assert.True((await StockBatch.Settle(shop.Database, [wish], 1000, TimeProvider.System))![0].Holds);
        var product = await shop.Query<Guid>("select product from variants where sku = $1", kit);

        var refused = await shop.Staff.Patch(
            $"/api/v1/products/{product}",
            new { variants = new[] { new { sku = other } } },
            ifMatch: "*"
        );

        refused.Refused(409, "VARIANT_HELD");
        Assert.Equal(1, await shop.Query<long>("select count(*) from variants where sku = $1", kit));
    }

    [Fact]
    public async Task A_variant_from_which_the_desk_is_just_promising_does_not_become_a_bundle()
    {
        var (cup, late) = (await shop.Stocked(5), await shop.Stocked(0));
        await shop.Query<object>(
            "update stock s set backorder_limit = 5 from variants v where v.id = s.variant and v.sku = $1 returning 1",
            late
        );
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var promise = new Npgsql.NpgsqlCommand(
            "update stock s set reserved = reserved + 1 from variants v where v.id = s.variant and v.sku = $1",
            connection
        );
        promise.Parameters.Add(new() { Value = late });
        await promise.ExecuteNonQueryAsync();

        var becoming = shop.Components(late, (cup, 1));
        await shop.Blocked(1);
        await transaction.CommitAsync();

        (await becoming).Refused(409, "VARIANT_HAS_STOCK");
        Assert.Equal(1, await shop.Reserved(late));
        await shop.Query<object>(
            "update stock s set reserved = 0 from variants v where v.id = s.variant and v.sku = $1 returning 1",
            late
        );
    }

    [Fact]
    public async Task A_bundle_takes_its_components_together_with_what_is_bought_alone()
    {
        var (cup, pot, lid) = (await shop.Stocked(10), await shop.Stocked(10), await shop.Stocked(10));
        var (tea, mugs) = (await shop.Bundle((cup, 2), (pot, 1)), await shop.Bundle((cup, 3), (lid, 1)));
        var id = NewId();

        Assert.True((await shop.Reserve(id, (tea, 2), (mugs, 1), (cup, 1))).Held);

        Assert.Equal((8, 2, 1), (await shop.Reserved(cup), await shop.Reserved(pot), await shop.Reserved(lid)));
        Assert.True((await shop.Reserve(id, (cup, 1), (mugs, 1), (tea, 2))).Held);
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Reserve(id, (cup, 8), (pot, 2), (lid, 1)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Reserve(id, (tea, 1), (mugs, 1), (cup, 1)));
        var shown = (await shop.Client("ordering").Get(Shelves.Path(id))).Is(200);
        Assert.Equal(
            new[] { $"{cup} 1", $"{mugs} 1", $"{tea} 2" }.Order(StringComparer.Ordinal),
            Said(shown, "lines").Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            new[] { $"{cup} 8", $"{lid} 1", $"{pot} 2" }.Order(StringComparer.Ordinal),
            Said(shown, "allocations").Order(StringComparer.Ordinal)
        );
        var facts = Assert.Single(await new ReservationFacts(shop.Database).Find([id], default)).Value;
        Assert.Equal((3, 1, 1, 2), (facts.Pieces.Count, facts.Pieces[cup], facts.Pieces[mugs], facts.Pieces[tea]));
        Assert.Empty(await shop.Faults());

        await shop.Catalog.Release(id, default);
        Assert.Equal(0, await shop.OnShelf(cup, pot, lid));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task All_or_nothing_is_taken_and_who_asked_is_told_of_the_bundles_that_are_short()
    {
        var (cup, pot) = (await shop.Stocked(5), await shop.Stocked(1));
        var (tea, cups) = (await shop.Bundle((cup, 2), (pot, 1)), await shop.Bundle((cup, 5)));

        var short2 = await shop.Reserve(NewId(), (tea, 2), (cup, 1));
        Assert.Equal((false, tea), (short2.Held, Assert.Single(short2.Missing)));
        var both = await shop.Reserve(NewId(), (cups, 1), (cup, 1));
        Assert.Equal(
            [.. new[] { cup, cups }.Order(StringComparer.Ordinal)],
            both.Missing.Order(StringComparer.Ordinal)
        );
        (await shop.Client("a").Put(Shelves.Path(NewId()), Lines((tea, 2)))).Refused(
            409,
            "STOCK_SHORT",
            $"lines.{tea}"
        );

        Assert.Equal(0, await shop.OnShelf(cup, pot));
        Assert.True((await shop.Reserve(NewId(), (tea, 1), (cup, 3))).Held);
        Assert.False((await shop.Reserve(NewId(), (cup, 1))).Held);
    }

    [Fact]
    public async Task What_is_reserved_stays_as_it_was_taken_whatever_becomes_of_the_bundle()
    {
        var (cup, pot) = (await shop.Stocked(9), await shop.Stocked(9));
        var kit = await shop.Bundle((cup, 2));
        var (first, second, third) = (NewId(), NewId(), NewId());
        await shop.Reserve(first, (kit, 1));
        (await shop.Recompose(kit, "*", (pot, 1))).Is(200);
        await shop.Reserve(second, (kit, 1));
        (await shop.Decompose(kit, "*")).Is(200);
        Assert.False((await shop.Reserve(third, (kit, 1))).Held);

        Assert.True((await shop.Reserve(first, (kit, 1))).Held);
        Assert.Equal((2, 1), (await shop.Reserved(cup), await shop.Reserved(pot)));
        Assert.Empty(await shop.Faults());
        await shop.Catalog.Release(first, default);
        Assert.Equal((0, 1), (await shop.Reserved(cup), await shop.Reserved(pot)));
        await shop.Catalog.Release(second, default);

        Assert.Equal(0, await shop.OnShelf(cup, pot));
        (await shop.Count("main", kit, 4)).Is(200);
        Assert.True((await shop.Reserve(NewId(), (kit, 4))).Held);
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_component_comes_from_one_location_unless_it_may_be_split()
    {
        var (cup, place) = (await shop.Stocked(3), await shop.Location());
        (await shop.Adjust(place, cup, 3)).Is(200);
        var (four, two) = (await shop.Bundle((cup, 4)), await shop.Bundle((cup, 2)));

        Assert.Equal(("outOfStock", "inStock"), (await shop.Availability(four), await shop.Availability(two)));
        Assert.False((await shop.Reserve(NewId(), (four, 1))).Held);
        var id = NewId();
        Assert.True((await shop.Catalog.Reserve(Wanted(id, (four, 1)) with { Split = Splits.Pieces }, default)).Held);
        Assert.Equal(4, await shop.Reserved(cup));
        await shop.Catalog.Release(id, default);
        Assert.Equal(0, await shop.Reserved(cup));
    }

    [Fact]
    public async Task Many_who_want_the_last_pieces_alone_and_in_bundles_get_no_more_than_there_are()
    {
        const int Pieces = 40;
        var (cup, pot) = (await shop.Stocked(Pieces), await shop.Stocked(Pieces));
        var kits = new[] { await shop.Bundle((cup, 2), (pot, 1)), await shop.Bundle((pot, 3)), cup, pot };
        await using var other = new Desk(await Shelves.Desk(shop.Database));
        StockDesk[] desks = [shop.Desk, other.Its];

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async i =>
                {
                    var lines = new[] { (kits[i % 4], 1), (kits[(i + 1 + (i / 4 % 3)) % 4], 1) };
                    var id = NewId();
                    var wish = Wish.Of(Wanted(id, lines), ReservationOwner.Checkout);
                    return (Id: id, Lines: lines, Settled: await desks[i % 2].Ask(wish, default));
                })
        );

        var held = outcomes.Where(outcome => outcome.Settled.Holds).ToList();
        long Taken(Func<string, long> of) => held.Sum(outcome => outcome.Lines.Sum(line => of(line.Item1)));
        var (cups, pots) = (
            Taken(sku =>
                sku == kits[0] ? 2
                : sku == cup ? 1
                : 0
            ),
            Taken(sku =>
                sku == kits[1] ? 3
                : sku == kits[0] || sku == pot ? 1
                : 0
            )
        );
        Assert.Equal((cups, pots), (await shop.Reserved(cup), await shop.Reserved(pot)));
        Assert.True(cups <= Pieces && pots <= Pieces && held.Count is > 0 and < 200);
        Assert.Empty(await shop.Faults());
        await Task.WhenAll(held.Select(outcome => shop.Catalog.Release(outcome.Id, default)));
        Assert.Equal(0, await shop.OnShelf(cup, pot));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_bundle_that_changes_while_many_buy_it_is_taken_whole_each_time()
    {
        var (cup, pot) = (await shop.Stocked(1_000), await shop.Stocked(1_000));
        var kit = await shop.Bundle((cup, 1));
        using var over = new CancellationTokenSource();

        var changing = Task.Run(
            async () =>
            {
                for (var i = 0; !over.IsCancellationRequested; i++)
                    if (i % 3 == 2)
                        (await shop.Decompose(kit, "*")).Is(200);
                    else
                        Assert.InRange(
                            (
                                i % 3 == 0 && i > 0
                                    ? await shop.Components(kit, (pot, 2))
                                    : await shop.Recompose(kit, "*", i % 2 == 0 ? (cup, 1) : (pot, 2))
                            ).Status,
                            200,
                            201
                        );
            },
            default
        );
        var held = 0;
        for (var i = 0; i < 20; i++)
            held += (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Reserve(NewId(), (kit, 1))))).Count(
                outcome => outcome.Held
            );
        await over.CancelAsync();
        await changing;

        var (cups, pots) = (await shop.Reserved(cup), await shop.Reserved(pot));
        Assert.Equal((0, held), (pots % 2, cups + (pots / 2)));
        Assert.True(held > 0);
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_bundle_that_changes_while_a_batch_waits_for_its_stock_is_looked_at_again()
    {
        var (cup, pot) = (await shop.Stocked(5), await shop.Stocked(5));
        var kit = await shop.Bundle((cup, 1));
        Wish[] wishes = [Wish.Of(Wanted(NewId(), (kit, 1)), ReservationOwner.Checkout)];
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new Npgsql.NpgsqlCommand(
            "select 1 from stock s join variants v on v.id = s.variant where v.sku = $1 for update of s",
            connection
        );
        hold.Parameters.Add(new() { Value = cup });
        await hold.ExecuteNonQueryAsync();

        var waiting = StockBatch.Settle(shop.Database, wishes, 60_000, TimeProvider.System);
        await shop.Blocked(1);
        (await shop.Recompose(kit, "*", (pot, 2))).Is(200);
        await transaction.CommitAsync();

        Assert.Null(await waiting);
        Assert.True((await StockBatch.Settle(shop.Database, wishes, 60_000, TimeProvider.System))![0].Holds);
        Assert.Equal((0, 2), (await shop.Reserved(cup), await shop.Reserved(pot)));
    }

    [Fact]
    public async Task A_batch_with_bundles_costs_no_more_round_trips_than_one_without()
    {
        var (cup, pot) = (await shop.Stocked(100), await shop.Stocked(100));
        var kit = await shop.Bundle((cup, 2), (pot, 1));
        Wish[] wishes =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(i => Wish.Of(Wanted(NewId(), (i % 2 == 0 ? kit : cup, 1)), ReservationOwner.Checkout)),
        ];

        using var counted = Statements.Start();
        using (new System.Diagnostics.Activity("batch").SetParentId(counted.TraceParent).Start())
            await StockBatch.Settle(shop.Database, wishes, 1000, TimeProvider.System);

        Assert.InRange(counted.Count, 4, 5);
        Assert.Equal((30, 10), (await shop.Reserved(cup), await shop.Reserved(pot)));
    }

    static IEnumerable<string> Said(Answer answer, string member) =>
        answer
            .Data.GetProperty(member)
            .EnumerateArray()
            .Select(line => $"{line.GetProperty("sku")} {line.GetProperty("quantity")}");

    sealed class Desk(StockDesk its) : IAsyncDisposable
    {
        public StockDesk Its => its;

        public async ValueTask DisposeAsync()
        {
            await its.StopAsync(default);
            its.Dispose();
        }
    }
}
