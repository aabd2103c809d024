using System.Net.Sockets;
using Kontor.Testing;
using Npgsql;

namespace Kontor.Scenarios;

/// <summary>The line to the database is cut at a commit, before it arrives or before its answer does.</summary>
public sealed class CutLineTests
{
    /// <summary>Cart, line, address, submission, reservation, its record, placing.</summary>
    const int CommitsOfAPurchase = 7;

    [Theory]
    [InlineData(LineFault.CutBefore)]
    [InlineData(LineFault.CutAfter)]
    [Trait("Kind", "slow")]
    public async Task A_commit_whose_line_is_cut_is_never_guessed_and_a_retry_settles_it(LineFault fault)
    {
        await Machinery.SkipUnlessThere();
        await using var database = await TestPostgres.NewDatabase();
        await using var line = new TcpProxy(SocketOf(database));
        await using var shop = await RunningShop.OpenConfigured(service => Through(line, database, service));
        await shop.CreateProduct("THING", amount: 1_000, stock: 1_000);

        var (orders, pieces, isCut) = (0, 0, true);
        for (var commit = 1; isCut; commit++)
        {
            var scissors = new Scissors(fault, commit);
            line.Fault = scissors.At;
            var buyer = await Buyer.Enter(shop, "THING", 2, insists: true);
            var answer = await buyer.Insist(() => buyer.Pay("tok_approve", 2_000));
            line.Fault = null;

            Assert.True(answer.Status is 201 or 202, answer.Text);
            await buyer.IsPlaced(answer.Data.GetProperty("id").GetString()!);
            Assert.Equal(answer.Text, (await buyer.Pay("tok_approve", 2_000)).Text);
            (orders, pieces, isCut) = (orders + 1, pieces + 2, scissors.Cut);
        }
        Assert.True(orders > CommitsOfAPurchase, $"The line was cut at {orders - 1} commits only.");

        Assert.Equal(orders, await Count(database, "ordering", "select count(*) from orders where status = 'placed'"));
        Assert.Equal(orders, await Count(database, "ordering", "select count(*) from orders"));
        Assert.Equal(orders, await Count(database, "ordering", "select count(*) from carts"));
        Assert.Equal(pieces, await Count(database, "catalog", "select sum(reserved)::bigint from stock"));
        await shop.Verify();
    }

    /// <summary>Cuts at the n-th commit that passes, once.</summary>
    sealed class Scissors(LineFault fault, int commit)
    {
        int passed;

        public bool Cut => Volatile.Read(ref passed) >= commit;

        /// <summary>The statement stands in the message as text, because nothing is prepared in this test.</summary>
        public LineFault At(ReadOnlyMemory<byte> sent) =>
            sent.Span.IndexOf("\0commit\0"u8) >= 0 && Interlocked.Increment(ref passed) == commit
                ? fault
                : LineFault.None;
    }

    static UnixDomainSocketEndPoint SocketOf(TestDatabase database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString);
        return new(Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}"));
    }

    static string Through(TcpProxy line, TestDatabase database, string service) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString(service))
        {
            Host = "127.0.0.1",
            Port = line.Port,
            SslMode = SslMode.Disable,
            MaxAutoPrepare = 0,
        }.ConnectionString;

    static async Task<long> Count(TestDatabase database, string service, string sql)
    {
        await using var count = database.Source(service).CreateCommand(sql);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
