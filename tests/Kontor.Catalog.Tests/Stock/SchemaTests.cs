namespace Kontor.Catalog.Tests.Stock;

/// <summary>What migrations leave for a later script, so as not to hold locks, is done by the last of them.</summary>
public sealed class SchemaTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Every_constraint_is_held_to_all_rows_and_every_index_is_whole()
    {
        var unlooked = await shop.Query<string[]>(
            "select array(select conname::text from pg_constraint where connamespace = 'catalog'::regnamespace and not convalidated)"
        );
        var broken = await shop.Query<string[]>(
            """
            select array(select indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid
                where c.relnamespace = 'catalog'::regnamespace and not i.indisvalid)
            """
        );
        var expiring = await shop.Query<bool>("select to_regclass('catalog.reservations_expiring') is not null");

        Assert.Empty(unlooked);
        Assert.Empty(broken);
        Assert.True(expiring);
    }
}
