using Dapper;
using Kontor.Platform.Postgres;
using Kontor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>The migration, and the version before it at work beside this one.</summary>
public sealed class UpgradeTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task The_version_before_goes_on_writing_base_prices_and_they_are_what_is_shown_below_the_others()
    {
        var sku = await shop.Sold((2_000, "EUR"));
        (
            await shop.Put(
                $"{AllPrices}/{sku}.se",
                new
                {
                    sku,
                    price = Eur(1),
                    country = "SE",
                }
            )
        ).Is(201);

        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into prices (variant, currency, amount)
            select v.id, w.currency, w.amount
            from unnest(array[@sku, @sku], array['EUR', 'NOK'], array[1500, 3]::bigint[]) w(sku, currency, amount)
            join variants v on v.sku = w.sku
            on conflict (variant, currency) do update set amount = excluded.amount where prices.amount <> excluded.amount
            """,
            new { sku }
        );

        Assert.Equal([(1_500, "EUR"), (3, "NOK")], await shop.Shown(sku));
        Assert.Equal([(1, "EUR"), (3, "NOK")], await shop.Shown(sku, "country=SE"));
    }

    [Fact]
    public async Task An_owner_who_is_no_superuser_migrates_and_overlaps_are_refused_to_the_services_role()
    {
        await using var database = await TestPostgres.NewEmptyDatabase();
        await using (var super = await database.Owner.OpenConnectionAsync())
        {
            await super.ExecuteAsync(
                $"""
                create role {database.Name}_owner nosuperuser createrole;
                alter database {database.Name} owner to {database.Name}_owner;
                """
            );
        }
        var asOwner = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString)
        {
            Options = $"-c role={database.Name}_owner",
        };
        var catalog = TestPostgres.Schemas.Where(schema => schema.Name == "catalog").ToList();

        var applied = await Migrations.Apply(asOwner.ConnectionString, catalog, NullLogger.Instance, default);
        var again = await Migrations.Apply(asOwner.ConnectionString, catalog, NullLogger.Instance, default);

        Assert.True(applied > 0 && again == 0, $"{applied}, then {again}");
        await using var service = await database.Source("catalog").OpenConnectionAsync();
        await service.ExecuteAsync(
            """
            insert into products (id, key, type, title, slug, version, created_at, updated_at)
            values ('018f0000-0000-7000-8000-000000000001', 'p', 'default', 'P', 'p', 1, now(), now());
            insert into variants (id, product, sku, position)
            values ('018f0000-0000-7000-8000-000000000002', '018f0000-0000-7000-8000-000000000001', 's', 1);
            """
        );
        const string Row = """
            insert into price_rows (key, variant, currency, amount, min_quantity, version)
            values (@key, '018f0000-0000-7000-8000-000000000002', 'EUR', 1, 1, 1)
            """;
        await service.ExecuteAsync(Row, new { key = "one" });
        var met = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync(Row, new { key = "two" }));
        Assert.Equal("prices_do_not_overlap", met.ConstraintName);
        Assert.Equal(
            "kontor_t",
            (
                await service.ExecuteScalarAsync<string>(
                    "select rolname from pg_roles r join pg_extension e on e.extowner = r.oid where extname = 'btree_gist'"
                )
            )![..8]
        );
    }
}
