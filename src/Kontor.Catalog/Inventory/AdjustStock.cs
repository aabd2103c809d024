using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Inventory;

/// <summary>Adds to what is on hand at a location, or takes from it, for a reason: all lines or none.</summary>
static class AdjustStock
{
    static readonly string[] Reasons = ["damaged", "lost", "found", "returned", "sold", "used", "correction"];

    /// <param name="Location">The location's key.</param>
    /// <param name="Reason"><c>damaged</c>, <c>lost</c>, <c>found</c>, <c>returned</c>, <c>sold</c> (elsewhere than here),
    /// <c>used</c> or <c>correction</c>.</param>
    /// <param name="Lines">1 to 1,000, one for each SKU.</param>
    /// <param name="Reference">What the list is called elsewhere.</param>
    /// <param name="Note">For whoever reads the movements.</param>
    public sealed record Request(
        [property: Required] string Location,
        [property: Required] string Reason,
        [property: Required, MinLength(1), MaxLength(Paper.MaxLines)] IReadOnlyList<Line> Lines,
        [property: StringLength(100)] string? Reference = null,
        [property: StringLength(Paper.MaxWords)] string? Note = null
    );

    /// <param name="Delta">Pieces that came (above 0) or went (below).</param>
    public sealed record Line(
        [property: Required] string Sku,
        [property: Range(-Paper.MaxPieces, Paper.MaxPieces)] long Delta
    );

    public static void Map(IEndpointRouteBuilder stock) =>
        stock
            .MapPost("/adjustments", Handle)
            .WithName("adjustStock")
            .WithSummary("Adds to what is on hand or takes from it, for a reason, all lines or none")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.IdempotencyKeyRequired,
                Rejections.UnknownLocation,
                Rejections.UnknownSku,
                Rejections.SkuIsBundle,
                Rejections.StockNegative,
                Rejections.StockBelowReserved
            );

    static Task<Reply<IReadOnlyList<StockView>>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        Reasons.Contains(wanted.Reason, StringComparer.Ordinal)
            ? new Paper(
                wanted.Location,
                [.. wanted.Lines.Select(line => line?.Sku)],
                wanted.Reference,
                wanted.Note
            ).Enter(http, database, new(MovementKind.Adjusted, "", wanted.Reason), stock => Decide(stock, wanted), stop)
            : Task.FromResult<Reply<IReadOnlyList<StockView>>>(
                Refusals.ValidationFailed.At("reason", $"One of {string.Join(", ", Reasons)}.")
            );

    /// <summary>The rule: leaves the rows as adjusted, or says what stands against it.</summary>
    internal static Rejection? Decide(LockedStock stock, Request wanted)
    {
        var lines = wanted.Lines.Select(line => (line.Delta, Row: stock.Find(line.Sku, wanted.Location)!)).ToArray();
        if (lines.Where(line => line.Row.Level.OnHand + line.Delta < 0).ToArray() is { Length: > 0 } negative)
            return Rejections.StockNegative.At(
                negative.Select(line => line.Row.Sku),
                sku => $"{stock.Find(sku, wanted.Location)!.Level.OnHand} are on hand."
            );
        foreach (var (delta, row) in lines)
            row.Leave(row.Level.WithOnHand(row.Level.OnHand + delta));
        return RecordCount.BelowReserved([.. lines.Select(line => line.Row)]);
    }
}
