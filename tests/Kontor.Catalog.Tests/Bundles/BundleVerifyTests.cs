using Kontor.Catalog.Tests.Stock;
using Kontor.Testing;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Bundles;

/// <summary>Each on data of its own, since it spoils them.</summary>
public sealed class BundleVerifyTests
{
    [Theory]
    [InlineData(
        "A_RESERVATION_HOLDS_WHAT_ITS_BUNDLES_TAKE",
        "update reservation_bundles set pieces = pieces + 1 where sku = $1",
        "update reservation_bundles set pieces = pieces - 1 where sku = $1"
    )]
    [InlineData(
        "A_BUNDLE_IS_RESERVED_ONE_NUMBER_OF_TIMES",
        "update reservation_bundles set quantity = quantity + 1, pieces = 1 where sku = $1 and pieces = 2",
        "update reservation_bundles set quantity = quantity - 1, pieces = 2 where sku = $1 and quantity = 2"
    )]
    [InlineData(
        "A_BUNDLE_HAS_COMPONENTS",
        "update variants set is_bundle = false where sku = $1",
        "update variants set is_bundle = true where sku = $1"
    )]
    [InlineData(
        "NO_BUNDLE_IS_IN_A_BUNDLE",
        "update variants set is_bundle = true where id in (select c.component from bundle_components c join variants b on b.id = c.bundle where b.sku = $1)",
        "update variants set is_bundle = false where id in (select c.component from bundle_components c join variants b on b.id = c.bundle where b.sku = $1)"
    )]
    [InlineData(
        "A_BUNDLE_HAS_NO_STOCK",
        "update variants set is_bundle = true where sku like 'SKU-stock-%' and $1 <> ''",
        "update variants set is_bundle = false where sku like 'SKU-stock-%' and $1 <> ''"
    )]
    public async Task Verify_finds_what_is_wrong_with_a_bundle(string rule, string plant, string mend)
    {
        Assert.SkipUnless(await TestPostgres.IsThere(), TestPostgres.WhyNot);
        await using var own = new Shop();
        await own.InitializeAsync();
        var (cup, pot) = (await own.Stocked(9), await own.Stocked(9));
        var kit = await own.Bundle((cup, 2), (pot, 1));
        await own.Reserve(NewId(), (kit, 1));
        Assert.Empty(await own.Faults());

        await Spoil(own, plant, kit);
        var faults = await own.Faults();
        await Spoil(own, mend, kit);

        Assert.Contains(faults, fault => fault.StartsWith($"{rule}: ", StringComparison.Ordinal));
        Assert.Empty(await own.Faults());
    }

    static async Task Spoil(Shop shop, string sql, string about)
    {
        await using var spoil = shop.Database.Source.CreateCommand(sql);
        spoil.Parameters.Add(new() { Value = about });
        await spoil.ExecuteNonQueryAsync();
    }
}
