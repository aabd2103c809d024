using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.Inventory;

/// <summary>A list of lines about one location, as it is written down in a warehouse: what all kinds of them share.</summary>
/// <param name="Location">The location's key.</param>
/// <param name="Reference">What the list is called elsewhere.</param>
sealed record Paper(string Location, IReadOnlyList<string?> Skus, string? Reference, string? Note)
{
    public const int MaxLines = 1_000;
    public const long MaxPieces = 1_000_000_000;
    public const int MaxWords = 500;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Rejection? Fault()
    {
        if (!Product.IsKey(Location))
            return Refusals.ValidationFailed.At("location", Product.KeyRule);
        for (var i = 0; i < Skus.Count; i++)
            if (!Product.IsKey(Skus[i]))
                return Refusals.ValidationFailed.At($"lines[{i}].sku", Product.KeyRule);
        return Skus.Distinct(StringComparer.Ordinal).Count() < Skus.Count
            ? Refusals.ValidationFailed.At("lines", "A SKU stands there more than once.")
            : null;
    }

    /// <summary>Locks what it is about, lets the rule decide, writes what it leaves, and shows all its lines.</summary>
    public async Task<Reply<IReadOnlyList<StockView>>> Enter(
        HttpContext http,
        CatalogDatabase database,
        Movement said,
        Func<LockedStock, Rejection?> decide,
        CancellationToken stop
    )
    {
        if (!http.HasIdempotencyKey)
            return Refusals.IdempotencyKeyRequired;
        if (Fault() is { } fault)
            return fault;
        string[] skus = [.. Skus.OfType<string>()];
        return await http.Write<IReadOnlyList<StockView>>(database, Store, stop);

        async Task<Reply<IReadOnlyList<StockView>>> Store(Work work)
        {
            if (!(await StockLedger.LockKnown(work, [Location], skus, stop)).Is(out var stock, out var rejection))
                return rejection;
            if (decide(stock) is { } refused)
                return refused;
            var now = http.Clock.GetUtcNow();
            var written = said with { Actor = work.Actor ?? "nobody", Reference = Reference, Note = Note };
            await StockLedger.Write(work, stock, written, now, stop);
            return Reply<IReadOnlyList<StockView>>.Of([
                .. skus.Select(sku => StockView.Of(sku, Location, stock.Find(sku, Location)!.Level, now)),
            ]);
        }
    }
}
