using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Inventory;

/// <summary>Sets what is offered of stock beside what is there: safety stock, backorder and pre-order limits.</summary>
static class SetTerms
{
    /// <param name="Location">The location's key.</param>
    /// <param name="Lines">1 to 1,000, one for each SKU; each replaces all terms of its SKU.</param>
    public sealed record Request(
        [property: Required] string Location,
        [property: Required, MinLength(1), MaxLength(Paper.MaxLines)] IReadOnlyList<Line> Lines
    );

    /// <param name="SafetyStock">Pieces on hand that are not offered.</param>
    /// <param name="BackorderLimit">Pieces that may be promised before they are there.</param>
    /// <param name="Preorder">Pieces that may be promised beside them until a time; left out: none.</param>
    public sealed record Line(
        [property: Required] string Sku,
        [property: Range(0, Paper.MaxPieces)] long SafetyStock = 0,
        [property: Range(0, Paper.MaxPieces)] long BackorderLimit = 0,
        Preorder? Preorder = null
    );

    public static void Map(IEndpointRouteBuilder stock) =>
        stock
            .MapPost("/terms", Handle)
            .WithName("setStockTerms")
            .WithSummary("Sets safety stock, backorder and pre-order limits at a location")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.IdempotencyKeyRequired,
                Rejections.UnknownLocation,
                Rejections.UnknownSku,
                Rejections.SkuIsBundle,
                Rejections.StockBelowReserved
            );

    static Task<Reply<IReadOnlyList<StockView>>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        for (var i = 0; i < wanted.Lines.Count; i++)
            if (wanted.Lines[i]?.Preorder is { Limit: < 1 or > Paper.MaxPieces })
                return Task.FromResult<Reply<IReadOnlyList<StockView>>>(
                    Refusals.ValidationFailed.At($"lines[{i}].preorder.limit", $"1 to {Paper.MaxPieces}.")
                );
        return new Paper(wanted.Location, [.. wanted.Lines.Select(line => line?.Sku)], null, null).Enter(
            http,
            database,
            new("termsSet", ""),
            stock => Decide(stock, wanted),
            stop
        );
    }

    /// <summary>The rule: less than is promised already cannot be set, but for what is owed anyway.</summary>
    internal static Rejection? Decide(LockedStock stock, Request wanted)
    {
        var rows = new List<StockRow>();
        foreach (var line in wanted.Lines)
        {
            var row = stock.Find(line.Sku, wanted.Location)!;
            var preorder = line.Preorder?.Limit ?? 0;
            var terms = row.Level with
            {
                SafetyStock = line.SafetyStock,
                BackorderLimit = line.BackorderLimit + preorder,
                Owed = 0,
                PreorderLimit = preorder,
                PreorderUntil = line.Preorder?.Until.ToUniversalTime(),
            };
            row.Leave(terms.WithOnHand(terms.OnHand));
            rows.Add(row);
        }
        return RecordCount.BelowReserved(rows);
    }
}
