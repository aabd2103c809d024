using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Migration;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>What a verdict costs, and whom it keeps waiting.</summary>
public sealed class JudgedOnceTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Nothing_is_looked_at_twice_where_nothing_was_written_meanwhile()
    {
        var (ten, twenty) = (await Statements(10), await Statements(20));

        Assert.Equal(10, twenty - ten);
    }

    [Theory]
    [InlineData("product")]
    [InlineData("variant")]
    public async Task What_was_written_since_is_looked_at(string level)
    {
        var attribute = $$"""{"key":"a","kind":"text","level":"{{level}}"}""";
        var type = await shop.NewType(attribute);
        await New(type, level, "x");
        await AllIsBehind();
        await using var connection = await shop.Database.Source.OpenConnectionAsync();
        var before = await LiveProducts.Now(connection, CancellationToken.None);
        var plan = Tightened(type, level);

        Assert.True((await LiveProducts.Judge(connection, plan, CancellationToken.None, before)).Value.Compatible);
        await New(type, level, "long");
        Assert.False((await LiveProducts.Judge(connection, plan, CancellationToken.None, before)).Value.Compatible);
        await AllIsBehind();
        var after = await LiveProducts.Now(connection, CancellationToken.None);
        Assert.True((await LiveProducts.Judge(connection, plan, CancellationToken.None, after)).Value.Compatible);
    }

    [Fact]
    public async Task A_value_that_many_have_is_told_with_their_number_and_ten_of_them()
    {
        var type = await shop.NewType("""{"key":"a","kind":"text"},{"key":"b","kind":"text"}""");
        for (var i = 0; i < 13; i++)
            await shop.NewTyped(type, """{"a":"long"}""");

        var verdict = (
            await shop.Check(
                type,
                """{"key":"a","kind":"text","maxLength":1},{"key":"b","kind":"text","required":true}"""
            )
        ).Is(200);

        foreach (var change in verdict.Data.GetProperty("changes").EnumerateArray())
        {
            Assert.Equal(13, change.GetProperty("violations").GetInt32());
            Assert.Equal(
                10,
                change.GetProperty("examples").EnumerateArray().Select(e => e.GetString()).Distinct().Count()
            );
        }
    }

    [Fact]
    public async Task While_a_change_is_judged_no_transaction_is_open_and_no_key_claimed()
    {
        var type = await shop.NewType("""{"key":"a","kind":"text"}""");
        await shop.NewTyped(type, """{"a":"x"}""");
        await using var keeper = await shop.Postgres.Owner.OpenConnectionAsync();
        await using var transaction = await keeper.BeginTransactionAsync();
        await using var keep = keeper.CreateCommand();
        keep.CommandText = "lock table catalog.products in access exclusive mode";
        await keep.ExecuteNonQueryAsync();

        var changing = shop.Staff.Send(
            HttpMethod.Put,
            $"{Types.Path}/{type}",
            Caller.Content(Types.Body("""{"key":"a","kind":"text","maxLength":5}""")),
            ("If-Match", "*"),
            ("Idempotency-Key", shop.Fresh("judged"))
        );
        const string Locks = """
            select count(*) from pg_locks l join pg_class c on c.oid = l.relation
            where l.database = (select oid from pg_database where datname = current_database()) and
            """;
        while (await shop.Query<long>($"{Locks} not granted and c.relname = 'products'") == 0)
            await Task.Delay(10);
        var claimed = await shop.Query<long>($"{Locks} mode = 'RowExclusiveLock' and c.relname like 'idempotency%'");
        await transaction.RollbackAsync();

        (await changing).Is(200);
        Assert.Equal(0, claimed);
    }

    /// <summary>Waits until no transaction runs that is older than what was written: it would count as written since.</summary>
    async Task AllIsBehind()
    {
        var now = await shop.Query<string>("select pg_current_xact_id()::text");
        while (!await shop.Query<bool>("select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8", now))
            await Task.Delay(20);
    }

    /// <summary>What changing a type costs of which so many attributes get a tighter bound.</summary>
    async Task<int> Statements(int attributes)
    {
        string All(string bound) =>
            string.Join(
                ',',
                Enumerable.Range(0, attributes).Select(i => $$"""{"key":"a{{i}}","kind":"text"{{bound}}}""")
            );
        var type = await shop.NewType(All(""));
        await shop.NewTyped(type, """{"a0":"x"}""");
        await AllIsBehind();
        return (await shop.ChangeType(type, All(""","maxLength":5"""))).Is(200).Statements;
    }

    Task<Answer> New(string type, string level, string value) =>
        level == "product"
            ? shop.NewTyped(type, $$"""{"a":"{{value}}"}""")
            : shop.NewTyped(type, "{}", $$"""{"a":"{{value}}"}""");

    static MigrationPlan Tightened(string type, string level)
    {
        var of = level == "product" ? AttributeLevel.Product : AttributeLevel.Variant;
        var old = new AttributeDefinition("a", AttributeKind.Text, Level: of);
        return MigrationPlan.Of(new(type, "T", 1, 0, [old]), "T", [old with { MaxLength = 1 }], []).Value;
    }
}
