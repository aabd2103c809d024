using Npgsql;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>Why the check and the taking are one transaction under a lock: the simpler way is run by the same two hundred
/// buyers, and sells what is not there or fails them.</summary>
public sealed class WrongWayTests(Shop shop) : IClassFixture<Shop>
{
    const int Buyers = 200;
    const int Pieces = 100;

    [Fact]
    public async Task Looking_first_and_taking_afterwards_oversells()
    {
        // A table of its own, as it would be without the constraint no_oversell.
        await using var create = shop.Postgres.Owner.CreateCommand(
            """
            create table catalog.bare_stock as select 0::bigint as reserved;
            grant all on catalog.bare_stock to public
            """
        );
        await create.ExecuteNonQueryAsync();

        var accepted = await Buy("bare_stock", "true");

        Assert.Equal(Buyers, accepted);
        Assert.Equal(Buyers, await shop.Query<long>("select reserved from bare_stock"));
    }

    [Fact]
    public async Task With_the_constraint_it_fails_buyers_instead_of_refusing_them()
    {
        var sku = await shop.Stocked(Pieces);

        var broken = await Assert.ThrowsAsync<PostgresException>(() =>
            Buy("stock", $"variant = (select id from variants where sku = '{sku}')")
        );

        Assert.Equal("no_oversell", broken.ConstraintName);
    }

    [Fact]
    public async Task The_desk_refuses_the_hundred_who_come_too_late()
    {
        var sku = await shop.Stocked(Pieces);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Buyers).Select(_ => shop.Reserve(NewId(), (sku, 1))));

        Assert.Equal((Pieces, Pieces), (outcomes.Count(o => o.Held), outcomes.Count(o => o.Missing.Count == 1)));
        Assert.Equal(Pieces, await shop.Reserved(sku));
    }

    /// <summary>Every buyer looks, in one transaction, and those who saw a piece take one, in another. That all have looked
    /// before the first takes is one of the ways in which it may happen; any in which the last piece is seen twice will do.</summary>
    async Task<int> Buy(string table, string which)
    {
        var seen = await Task.WhenAll(
            Enumerable.Range(0, Buyers).Select(_ => shop.Query<long>($"select reserved from {table} where {which}"))
        );
        var buyers = seen.Where(reserved => reserved < Pieces).ToList();
        await Task.WhenAll(buyers.Select(_ => Take(table, which)));
        return buyers.Count;
    }

    async Task Take(string table, string which)
    {
        await using var take = shop.Database.Source.CreateCommand(
            $"update {table} set reserved = reserved + 1 where {which}"
        );
        await take.ExecuteNonQueryAsync();
    }
}
