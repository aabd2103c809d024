using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>Goods with a count, and the words that tests of stock share.</summary>
static class Shelves
{
    extension(Shop shop)
    {
        public ICatalog Catalog => shop.Services.GetRequiredService<ICatalog>();

        public StockDesk Desk => shop.Services.GetRequiredService<StockDesk>();

        public async Task<string> Stocked(long stock)
        {
            var key = shop.Fresh("stock");
            await shop.NewProduct(key, stock);
            return $"SKU-{key}";
        }

        public Task<ReservationOutcome> Reserve(Guid id, params (string Sku, int Quantity)[] lines) =>
            shop.Catalog.Reserve(Wanted(id, lines), default);

        /// <summary>A client that may reserve.</summary>
        public Caller Client(string subject) => new(shop.Http) { Token = $"{Scopes.CatalogReserve}@{subject}" };

        public Task<long> Reserved(string sku) =>
            shop.Query<long>(
                "select coalesce(sum(s.reserved), 0)::bigint from stock s join variants v on v.id = s.variant where v.sku = $1",
                sku
            );

        public Task<string> State(Guid id) =>
            shop.Query<string>("select coalesce((select state from reservations where id = $1), 'none')", id);

        /// <summary>What <c>kontor verify</c> says of this data.</summary>
        public Task<IReadOnlyList<string>> Faults() => Faults(shop.Database);

        /// <summary>Until so many connections to this database wait for locks that others hold.</summary>
        public async Task Blocked(int connections)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (
                await shop.Query<long>(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0
                    """
                ) < connections
            )
                await Task.Delay(20, patience.Token);
        }
    }

    public static async Task<IReadOnlyList<string>> Faults(CatalogDatabase database)
    {
        var faults = new List<string>();
        foreach (var invariant in database.Invariants)
        foreach (var fault in await invariant.Check(database.Source, default))
            faults.Add($"{invariant.Rule}: {fault}");
        return faults;
    }

    public static string Path(Guid id) => $"/api/v1/reservations/{id}";

    public static object Lines(params (string Sku, int Quantity)[] lines) =>
        new { lines = lines.Select(line => new { sku = line.Sku, quantity = line.Quantity }) };

    public static Guid NewId() => Id<Reservation>.New(TimeProvider.System).Value;

    public static Reservation Wanted(Guid id, params (string Sku, int Quantity)[] lines) =>
        new(id, [.. lines.Select(line => new ReservationLine(line.Sku, line.Quantity))]);

    /// <summary>A desk of its own on this database, as another process has.</summary>
    public static async Task<StockDesk> Desk(CatalogDatabase database)
    {
        var desk = new StockDesk(database, TimeProvider.System, NullLogger<StockDesk>.Instance);
        await desk.StartAsync(default);
        return desk;
    }
}
