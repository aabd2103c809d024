using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Inventory;

/// <summary>Enters what was counted at a location: all lines or none.</summary>
static class RecordCount
{
    /// <param name="Location">The location's key.</param>
    /// <param name="Lines">1 to 1,000, one for each SKU.</param>
    /// <param name="Force">Enters a count below what is reserved too: what is missing stays promised and is owed.</param>
    /// <param name="Reference">What the list is called elsewhere.</param>
    /// <param name="Note">For whoever reads the movements.</param>
    public sealed record Request(
        [property: Required] string Location,
        [property: Required, MinLength(1), MaxLength(Paper.MaxLines)] IReadOnlyList<Line> Lines,
        bool Force = false,
        [property: StringLength(100)] string? Reference = null,
        [property: StringLength(Paper.MaxWords)] string? Note = null
    );

    /// <param name="Quantity">Pieces that are there.</param>
    /// <param name="Seen">What was on hand by the books when the count was made; the count is refused where it is not any
    /// more. Left out: the count stands against whatever the books say.</param>
    public sealed record Line(
        [property: Required] string Sku,
        [property: Range(0, Paper.MaxPieces)] long Quantity,
        [property: Range(0, Paper.MaxPieces)] long? Seen = null
    );

    public static void Map(IEndpointRouteBuilder stock) =>
        stock
            .MapPost("/counts", Handle)
            .WithName("recordStockCount")
            .WithSummary("Enters what was counted at a location, all lines or none")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.IdempotencyKeyRequired,
                Rejections.UnknownLocation,
                Rejections.UnknownSku,
                Rejections.SkuIsBundle,
                Rejections.StockMoved,
                Rejections.StockBelowReserved
            );

    static Task<Reply<IReadOnlyList<StockView>>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        new Paper(wanted.Location, [.. wanted.Lines.Select(line => line?.Sku)], wanted.Reference, wanted.Note).Enter(
            http,
            database,
            new(MovementKind.Counted, "", wanted.Force ? "forced" : null),
            stock => Decide(stock, wanted),
            stop
        );

    /// <summary>The rule: leaves the rows as counted, or says what stands against it.</summary>
    internal static Rejection? Decide(LockedStock stock, Request wanted)
    {
        var counted = wanted.Lines.Select(line => (Line: line, Row: stock.Find(line.Sku, wanted.Location)!)).ToArray();
        if (
            counted.Where(c => c.Line.Seen is { } seen && seen != c.Row.Level.OnHand).ToArray() is { Length: > 0 } moved
        )
            return Rejections.StockMoved.At(
                moved.Select(c => c.Line.Sku),
                sku => $"{stock.Find(sku, wanted.Location)!.Level.OnHand} are on hand."
            );
        foreach (var (line, row) in counted)
            row.Leave(row.Level.WithOnHand(line.Quantity));
        return wanted.Force ? null : BelowReserved([.. counted.Select(c => c.Row)]);
    }

    /// <summary>The refusal for rows that would owe more than before; null where none does.</summary>
    internal static Rejection? BelowReserved(IReadOnlyCollection<StockRow> rows) =>
        rows.Where(row => row.Level.Owed > row.Before.Owed).ToDictionary(row => row.Sku, StringComparer.Ordinal)
            is { Count: > 0 } below
            ? Rejections.StockBelowReserved.At(below.Keys, sku => $"{below[sku].Level.Reserved} are reserved.")
            : null;
}
