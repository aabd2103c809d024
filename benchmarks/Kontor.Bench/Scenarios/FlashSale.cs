using Kontor.Bench.Limits;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;
using Kontor.Contracts.Catalog;
using Kontor.Host.Serving;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kontor.Bench.Scenarios;

/// <summary>Everybody wants the same variant at once: called in this process, and as buyers over HTTP.</summary>
sealed class FlashSale : IScenario
{
    const int Few = 32;
    const int Many = 256;

    public string Name => "flash-sale";

    public string About => "32 and 256 who wait for one variant, against row-at-a-time updates and a bare coalescer";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var cluster = await bench.Cluster();
        var database = await cluster.NewShop("bench_hot", stop);
        await cluster.Execute(database, HotRow.Tables, stop);
        await cluster.Execute(database, OneVariant, stop);
        var rowAtATime = await Limit(bench, cluster, database, Few, HotRow.RowAtATime, stop);
        var readings = new List<Reading>();
        await using (var server = await cluster.Serve(database, stop))
            foreach (var waiting in (int[])[Few, Many])
            {
                var ours = await Reserve(bench, cluster, server, waiting, stop);
                var coalesced = await Limit(bench, cluster, database, waiting, HotRow.Coalesced, stop);
                readings.Add(Compare(waiting, ours, rowAtATime, coalesced));
            }
        readings.Add(await Buyers(bench, stop));
        return readings;
    }

    /// <summary>The goods as the catalogue keeps them; imported goods would do as well, and take longer.</summary>
    const string OneVariant = $"""
        insert into catalog.products (id, key, type, title, slug, version, created_at, updated_at)
        values ('{Id}', '{Sku}', 'default', 'The one that all want', 'the-one', 1, now(), now());
        insert into catalog.variants (id, product, sku, position) values ('{Id}', '{Id}', '{Sku}', 0);
        insert into catalog.prices (variant, currency, amount) values ('{Id}', 'EUR', 1000);
        insert into catalog.stock (variant, location, on_hand) values ('{Id}', 'main', 1000000000000)
        """;

    const string Id = "00000000-0000-7000-8000-000000000001";
    const string Sku = "HOT";

    static Task<Figures> Reserve(
        Workbench bench,
        Cluster cluster,
        KontorServer server,
        int waiting,
        CancellationToken stop
    )
    {
        var catalog = server.Services.GetRequiredService<ICatalog>();
        ReservationLine[] line = [new(Sku, 1)];
        return ClosedLoop.Run(
            bench.Of(waiting),
            new(Database: cluster.Clock),
            (_, _) =>
                Task.FromResult<Step>(async asked =>
                {
                    var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
                    var outcome = await catalog.Reserve(new(id, line), asked);
                    return outcome.Held ? true : throw new InvalidOperationException("Stock was refused.");
                }),
            stop
        );
    }

    static async Task<Figures> Limit(
        Workbench bench,
        Cluster cluster,
        string database,
        int waiting,
        Func<NpgsqlDataSource, Shape, Clocks, CancellationToken, Task<Figures>> measure,
        CancellationToken stop
    )
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.Owner(database))
        {
            MaxPoolSize = Few,
            MaxAutoPrepare = 16,
            AutoPrepareMinUsages = 2,
        };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        return await measure(source, bench.Of(waiting), new(Database: cluster.Clock), stop);
    }

    Reading Compare(int waiting, Figures ours, Figures rowAtATime, Figures coalesced) =>
        new(Name, $"one variant, {waiting} waiting, in process", ours)
        {
            Limits =
            [
                new($"row at a time, {Few} waiting", rowAtATime),
                new($"bare coalescer, {waiting} waiting", coalesced),
            ],
            Goals =
            [
                .. waiting == Few
                    ? [Goal.AtLeast("times row at a time", ours.Value / rowAtATime.Value, 10)]
                    : Array.Empty<Goal>(),
                Goal.AtLeast("of a bare coalescer", ours.Value / coalesced.Value, 0.5),
            ],
        };

    async Task<Reading> Buyers(Workbench bench, CancellationToken stop)
    {
        var shop = await bench.Shop();
        var carts = await Checkout.Fill(bench, shop, _ => [0], stop);
        var figures = await Checkout.Pay(shop, carts, bench.Of(Few), stop);
        return new(Name, $"checkout of one variant over HTTP, {Few} buyers", figures)
        {
            Limits =
            [
                new(
                    "checkout by pgbench, all of the same goods",
                    await CheckoutScript.Measure(bench, Few, CheckoutScript.Hot)
                ),
            ],
        };
    }
}
