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
        await Spoil("update reservations set state = 'held', ended_at = null, expires_at = 'epoch' where id = $1", id);
        Assert.Contains(await shop.Faults(), fault => fault.StartsWith("NONE_IS_HELD_", StringComparison.Ordinal));
    }

    async Task Spoil(string sql, Guid id)
    {
        await using var spoil = shop.Database.Source.CreateCommand(sql);
        spoil.Parameters.Add(new() { Value = id });
        await spoil.ExecuteNonQueryAsync();
    }
}
