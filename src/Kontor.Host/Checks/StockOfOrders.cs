using Kontor.Catalog.Stock;
using Kontor.Contracts.Ordering;
using Kontor.Ordering.Orders;
using Kontor.Platform.Data;

namespace Kontor.Host.Checks;

/// <summary>A placed order holds its pieces, all of them and no more; a rejected one holds none.</summary>
/// <remarks>Orders are read first. Stock is held before an order is placed and given back before it is rejected, so what
/// is read of it afterwards must fit, however busy the shop is.</remarks>
sealed class StockOfOrders(SettledOrders orders, ReservationFacts reservations) : ICheck
{
    const int Together = 1_000;

    public string Service => "catalog";

    public string Rule => "STOCK_IS_HELD_FOR_PLACED_ORDERS";

    public async Task<IReadOnlyList<string>> Run(CancellationToken stop)
    {
        var findings = new List<string>();
        for (var after = Guid.Empty; findings.Count < ICheck.MaxFindings; )
        {
            var page = await orders.Page(after, Together, stop);
            if (page.Count == 0)
                break;
            var held = await reservations.Find([.. page.Select(order => order.Id)], stop);
            findings.AddRange(page.Select(order => Compare(order, held.GetValueOrDefault(order.Id))).OfType<string>());
            after = page[^1].Id;
        }
        return findings;
    }

    /// <summary>Null where the two agree.</summary>
    internal static string? Compare(OrderFacts order, ReservedPieces? held)
    {
        if (order.Status == "rejected")
            return held is null ? null : $"order {order.Id} is rejected and holds {Text(held.Pieces)}";
        var ordered = PiecesOf(order.Lines);
        if (held is null)
            return $"order {order.Id} is placed and holds nothing of {Text(ordered)}";
        return
            ordered.Count == held.Pieces.Count
            && ordered.All(line => held.Pieces.GetValueOrDefault(line.Key) == line.Value)
            ? null
            : $"order {order.Id} is for {Text(ordered)} and holds {Text(held.Pieces)}";
    }

    static Dictionary<string, long> PiecesOf(IEnumerable<OrderLine> lines) =>
        lines
            .GroupBy(line => line.Sku, StringComparer.Ordinal)
            .ToDictionary(sku => sku.Key, sku => sku.Sum(line => (long)line.Quantity), StringComparer.Ordinal);

    static string Text(IEnumerable<KeyValuePair<string, long>> pieces) =>
        string.Join(", ", pieces.Select(line => $"{line.Value} × {line.Key}"));
}
