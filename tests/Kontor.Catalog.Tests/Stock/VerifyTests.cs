using Kontor.Catalog.Tests.Inventory;
using Kontor.Testing;
using Npgsql;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>On data of its own, since it spoils them.</summary>
public sealed class VerifyTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Verify_finds_what_no_longer_adds_up()
    {
        var (sku, id) = (await shop.Stocked(9), NewId());
        await shop.Reserve(id, (sku, 2));
        Assert.Empty(await shop.Faults());

        await Spoil("update reservations set state = 'released', ended_at = now() where id = $1", id);
        Assert.Contains(await shop.Faults(), fault => fault.StartsWith("RESERVED_IS_", StringComparison.Ordinal));
        await Spoil("update reservations set state = 'held', ended_at = null where id = $1", id);
        Assert.Empty(await shop.Faults());
    }

    [Fact]
    public async Task Verify_finds_pieces_held_of_a_stock_row_that_is_gone()
    {
        var (sku, id) = (await shop.Stocked(9), NewId());
        await shop.Reserve(id, (sku, 2));
        await Spoil("delete from variants where sku = $1", sku);

        var fault = Assert.Single(await shop.Faults());
        await Spoil("update reservations set state = 'released', ended_at = now() where id = $1", id);

        Assert.StartsWith("RESERVED_IS_WHAT_IS_HELD: variant ", fault, StringComparison.Ordinal);
        Assert.EndsWith("no stock row, nothing reserved, reservations hold 2", fault, StringComparison.Ordinal);
        Assert.Empty(await shop.Faults());
    }

    /// <summary>Each on a delivery of five pieces from outside, all of which have come, and a transfer of two that is
    /// under way.</summary>
    [Theory]
    [InlineData(
        "LEVELS_ARE_THE_SUM_OF_THEIR_MOVEMENTS",
        "update stock_movements set incoming = incoming + 1 where sku = $1 and kind = 'announced'",
        "update stock_movements set incoming = incoming - 1 where sku = $1 and kind = 'announced'"
    )]
    [InlineData(
        "LEVELS_ARE_THE_SUM_OF_THEIR_MOVEMENTS",
        "update stock_movements set on_hand = on_hand - 1 where sku = $1 and kind = 'counted'",
        "update stock_movements set on_hand = on_hand + 1 where sku = $1 and kind = 'counted'"
    )]
    [InlineData(
        "INCOMING_IS_WHAT_IS_UNDER_WAY",
        "update stock set incoming = incoming + 1 where variant = (select id from variants where sku = $1) and location = 'main'",
        "update stock set incoming = incoming - 1 where variant = (select id from variants where sku = $1) and location = 'main'"
    )]
    [InlineData(
        "A_DELIVERY_IS_RECEIVED_WHEN_ALL_HAS_COME",
        "update deliveries set state = 'cancelled' where state = 'received' and id in (select delivery from delivery_lines where sku = $1)",
        "update deliveries set state = 'received' where state = 'cancelled' and id in (select delivery from delivery_lines where sku = $1)"
    )]
    [InlineData(
        "A_DELIVERY_MOVED_WHAT_IT_SAYS",
        "update stock_movements set delivery = '00000000-0000-0000-0000-000000000000' where sku = $1 and kind = 'received'",
        "update stock_movements m set delivery = l.delivery from delivery_lines l where m.sku = $1 and m.kind = 'received' and l.sku = $1 and l.received > 0"
    )]
    [InlineData(
        "A_DELIVERY_MOVED_WHAT_IT_SAYS",
        "update stock_movements set on_hand = on_hand - 1, kind = 'lost' where sku = $1 and on_hand = -2 and kind = 'shipped'",
        "update stock_movements set on_hand = on_hand + 1, kind = 'shipped' where sku = $1 and kind = 'lost'"
    )]
    public async Task Verify_finds_what_a_delivery_did_not_do(string rule, string plant, string mend)
    {
        var (sku, to, came, way) = (await shop.Stocked(9), await shop.Location(), shop.Fresh("way"), shop.Fresh("way"));
        (await shop.Deliver(came, "main", null, (sku, 5))).Is(201);
        (await shop.Enter($"{Warehouse.Deliveries}/{came}/receive", new { })).Is(200);
        (await shop.Deliver(way, to, "main", (sku, 2))).Is(201);
        (await shop.Enter($"{Warehouse.Deliveries}/{way}/ship", new { })).Is(200);
        Assert.Empty(await shop.Faults());

        await Spoil(plant, sku);
        var faults = await shop.Faults();
        await Spoil(mend, sku);

        Assert.Contains(faults, fault => fault.StartsWith($"{rule}: ", StringComparison.Ordinal));
        Assert.Empty(await shop.Faults());
    }

    /// <summary>Hours before now; a lease that is held ends later than now.</summary>
    [Theory]
    [InlineData("held, and its worker long there", 1.5, 5.0, -0.001, true)]
    [InlineData("held, and its worker has just begun", 9.0, 0.01, -0.001, false)]
    [InlineData("due for less than an hour", 0.9, 5.0, -0.001, false)]
    [InlineData("due after the installation died", 1.5, 5.0, 2.0, false)]
    [InlineData("due for less than an hour when the installation died", 2.9, 5.0, 2.0, false)]
    [InlineData("long due when the installation died", 4.0, 5.0, 2.0, true)]
    [InlineData("the installation stopped in order", 9.0, null, null, false)]
    [InlineData("only whoever made it ends it", null, 5.0, -0.001, false)]
    public async Task A_held_reservation_is_a_fault_when_somebody_was_there_to_end_it(
        string _,
        double? due,
        double? workerCame,
        double? leaseEnded,
        bool isFault
    )
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        // No door is open on it, so nobody ends the reservation and nobody has the lease.
        await using var postgres = await TestPostgres.NewDatabase();
        var database = new CatalogDatabase(postgres.Source("catalog"), TimeProvider.System);
        await using var plant = database.Source.CreateBatch();
        plant.BatchCommands.Add(
            new(
                """
                insert into leases (role, expires, backend_start) values ('reservations',
                    coalesce(clock_timestamp() - $1 * interval '1 hour', '-infinity'),
                    clock_timestamp() - $2 * interval '1 hour')
                """
            )
            {
                Parameters = { Hours(leaseEnded), Hours(workerCame) },
            }
        );
        plant.BatchCommands.Add(
            new(
                """
                insert into reservations (id, state, created_at, expires_at)
                values (gen_random_uuid(), 'held', 'epoch', clock_timestamp() - $1 * interval '1 hour')
                """
            )
            {
                Parameters = { Hours(due) },
            }
        );
        await plant.ExecuteNonQueryAsync();

        var faults = await Faults(database);

        Assert.Equal(isFault, faults.Any(f => f.StartsWith("NONE_IS_HELD_LONG_", StringComparison.Ordinal)));
    }

    static NpgsqlParameter Hours(double? hours) =>
        new() { Value = hours ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Double };

    async Task Spoil(string sql, object about)
    {
        await using var spoil = shop.Database.Source.CreateCommand(sql);
        spoil.Parameters.Add(new() { Value = about });
        await spoil.ExecuteNonQueryAsync();
    }
}
