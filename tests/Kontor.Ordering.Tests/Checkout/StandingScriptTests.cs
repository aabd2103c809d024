using Npgsql;

namespace Kontor.Ordering.Tests.Checkout;

/// <summary>The script that makes the attempts of the version before due.</summary>
public sealed class StandingScriptTests(Shop shop) : IClassFixture<Shop>
{
    const string Script = "Kontor.Ordering.Schema.0006-orders-that-stand.sql";

    [Fact]
    public async Task It_makes_due_what_stands_and_nothing_else_and_may_be_begun_again()
    {
        _ = shop.Services;
        var standing = await Unattended.Submit(shop, await Guest.Ready(shop, shop.Catalog.Sells(100)), "tok_approve");
        (await (await Guest.Ready(shop, shop.Catalog.Sells(100))).Pays("tok_approve", 200)).Is(201);
        await using var owner = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(shop.Postgres.OwnerConnectionString) { SearchPath = "ordering" }
        );
        await Run(owner, "update orders set moved_at = null, due_at = null");

        foreach (var statement in (string[])[.. Statements(), .. Statements()])
            await Run(owner, statement);

        Assert.Equal(1, await shop.Count("select count(*) from orders where due_at is not null"));
        Assert.Equal(
            1,
            await shop.Count(
                $"select count(*) from orders where id = '{standing.Order.Id}' and due_at <= now() and moved_at = submitted_at"
            )
        );
        Assert.Equal(
            1,
            await shop.Count(
                "select count(*) from pg_index where indexrelid = 'orders_that_stand'::regclass and indisvalid"
            )
        );
    }

    static string[] Statements()
    {
        using var stream = typeof(OrderingDatabase).Assembly.GetManifestResourceStream(Script);
        using var text = new StreamReader(stream!);
        return text.ReadToEnd().Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    static async Task Run(NpgsqlDataSource owner, string sql)
    {
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
