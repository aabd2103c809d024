using Kontor.Catalog.Stock;
using Npgsql;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>A stock row that a transaction of somebody else has locked.</summary>
public sealed class LockedRowTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_variant_does_not_go_while_pieces_of_it_are_being_taken()
    {
        var (key, id) = (shop.Fresh(), NewId());
        var product = await shop.NewProduct(key, stock: 9);
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await using var taking = await connection.BeginTransactionAsync();
        await Take(taking, id, $"SKU-{key}", 5);

        var dropping = shop.Staff.Patch(
            $"/api/v1/products/{product.Value("id")}",
            new { variants = new[] { new { sku = shop.Fresh("SKU") } } },
            "*"
        );
        await shop.Blocked(1);
        await taking.CommitAsync();

        (await dropping).Refused(409, "VARIANT_HELD");
        Assert.Equal(5, await shop.Reserved($"SKU-{key}"));
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task A_row_that_stays_locked_holds_up_others_only_as_long_as_its_buyers_wait()
    {
        var (stuck, free) = (await shop.Stocked(9_000), await shop.Stocked(9));
        using var desk = await Desk(shop.Database);
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await Take(holding, NewId(), stuck, 1);

        using var patience = new CancellationTokenSource();
        var waiting = Enumerable
            .Range(0, 1_100)
            .Select(_ => desk.Ask(Wish.Of(Wanted(NewId(), (stuck, 1)), ReservationOwner.Checkout), patience.Token))
            .ToList();
        await shop.Blocked(4); // As many batches as the desk has at once.
        await patience.CancelAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var settled = await desk.Ask(Wish.Of(Wanted(NewId(), (free, 1)), ReservationOwner.Checkout), deadline.Token);

        Assert.True(settled.Holds);
        Assert.All(waiting, left => Assert.True(left.IsCanceled));
        await holding.RollbackAsync();
        await desk.StopAsync(default);
        Assert.Empty(await shop.Faults()); // Whose try was under way when the row came free are held, all the others not.
    }

    /// <summary>What a desk writes, and does not commit yet.</summary>
    static async Task Take(NpgsqlTransaction transaction, Guid id, string sku, long quantity)
    {
        await using var take = new NpgsqlCommand(
            """
            with taken as (
                update stock s set reserved = s.reserved + $3 from variants v
                where v.id = s.variant and v.sku = $2 returning s.variant, s.location
            ), line as (
                insert into reservation_lines (reservation, variant, location, sku, quantity)
                select $1, variant, location, $2, $3 from taken
            )
            insert into reservations (id, state, created_at) values ($1, 'held', clock_timestamp())
            """,
            transaction.Connection,
            transaction
        )
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = sku },
                new() { Value = quantity },
            },
        };
        await take.ExecuteNonQueryAsync();
    }
}
