using Kontor.Platform.Http;

namespace Kontor.Catalog.Stock;

/// <summary>Sets what is on hand at the main location, for products and imports that say a number.</summary>
static class CountStock
{
    /// <summary>Who counts where no token says it.</summary>
    const string Import = "import";

    /// <summary>Counts of variants that exist; one that is below what is held breaks the rule no_oversell.</summary>
    public static async Task Set(Work work, string[] skus, long[] counts, TimeProvider clock, CancellationToken stop)
    {
        if (skus.Length == 0)
            return;
        var stock = await StockLedger.Lock(work, [.. skus.Select(sku => (sku, StockLevel.MainLocation))], stop);
        foreach (var (sku, count) in skus.Zip(counts))
            // A bundle has no stock of its own, and none is what is said of it.
            if (
                !(count == 0 && stock.Bundles.Contains(sku, StringComparer.Ordinal))
                && stock.Find(sku, StockLevel.MainLocation) is { } row
            )
                row.Leave(Counted(row.Level, count));
        var said = new Movement(MovementKind.Counted, work.Actor ?? Import);
        await StockLedger.Write(work, stock, said, clock.GetUtcNow(), stop);
    }

    /// <summary>Nothing new may be owed: such a count is left to the constraint.</summary>
    static StockLevel Counted(StockLevel level, long count) =>
        level.WithOnHand(count) is var counted && counted.Owed <= level.Owed ? counted : level with { OnHand = count };
}
