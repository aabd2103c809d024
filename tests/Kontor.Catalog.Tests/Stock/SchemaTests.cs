using Kontor.Testing;

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

    [Fact]
    public async Task The_version_before_counts_though_the_rights_of_this_one_are_not_given_yet()
    {
        await using var database = await TestPostgres.NewDatabase();
        await using (
            var revoke = database.Owner.CreateCommand("revoke all on catalog.stock_movements from kontor_catalog")
        )
            await revoke.ExecuteNonQueryAsync();

        await using var count = database
            .Source("catalog")
            .CreateCommand(
                """
                insert into products (id, key, type, title, slug, version, created_at, updated_at)
                values ('018f0000-0000-7000-8000-000000000001', 'p', 'default', 'P', 'p', 1, now(), now());
                insert into variants (id, product, sku, position)
                values ('018f0000-0000-7000-8000-000000000002', '018f0000-0000-7000-8000-000000000001', 's', 1);
                insert into stock (variant, location, on_hand) values ('018f0000-0000-7000-8000-000000000002', 'main', 7);
                update stock set on_hand = 9;
                delete from variants;
                """
            );
        await count.ExecuteNonQueryAsync();

        await using var moved = database.Owner.CreateCommand(
            "select string_agg(kind || ' ' || on_hand, ', ' order by number) from catalog.stock_movements"
        );
        Assert.Equal("unrecorded 7, unrecorded 2, removed -9", await moved.ExecuteScalarAsync());
    }
}
