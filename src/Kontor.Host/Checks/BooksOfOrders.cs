using Kontor.Kernel;
using Kontor.Ordering.Orders;
using Kontor.Platform.Data;
using Kontor.Sandbox;

namespace Kontor.Host.Checks;

/// <summary>Reads the provider's books as they stand now.</summary>
delegate Task<IReadOnlyList<Booking>> ReadBooks(CancellationToken stop);

/// <summary>The provider took the money of each placed order once, and of no other.</summary>
/// <remarks>Orders are read before the books: money is taken before an order is placed and given back before it is
/// rejected. The other way round, what the books hold for no order is looked at again before it is a finding.</remarks>
sealed class BooksOfOrders(SettledOrders orders, ReadBooks readBooks) : ICheck
{
    const int Together = 1_000;
    const string Prefix = "order-";

    public string Service => "ordering";

    public string Rule => "PROVIDER_TOOK_WHAT_ORDERS_SAY";

    public async Task<IReadOnlyList<string>> Run(CancellationToken stop)
    {
        var settled = new List<OrderFacts>();
        while (
            await orders.Page(settled.Count == 0 ? Guid.Empty : settled[^1].Id, Together, stop) is { Count: > 0 } page
        )
            settled.AddRange(page);
        var books = ByKey(await readBooks(stop));
        var findings = settled
            .Select(order => Compare(order, books.GetValueOrDefault(Prefix + order.Id)))
            .OfType<string>()
            .ToList();
        findings.AddRange(await WithoutOrder(books, stop));
        return [.. findings.Take(ICheck.MaxFindings)];
    }

    /// <summary>Null where the two agree.</summary>
    internal static string? Compare(OrderFacts order, Booking? booked)
    {
        if (order.Status == "rejected")
            return Holds(booked) ? $"order {order.Id} is rejected, and the provider holds {booked}" : null;
        return
            booked is { State: "authorised" }
            && new Money(booked.Amount, booked.Currency) == order.Total
            && booked.Reference == order.Authorisation
            ? null
            : $"order {order.Id} is placed for {order.Total}, and the provider has {booked?.ToString() ?? "nothing"}";
    }

    async Task<IReadOnlyList<string>> WithoutOrder(IReadOnlyDictionary<string, Booking> books, CancellationToken stop)
    {
        var suspects = new List<string>();
        foreach (var some in books.Values.Where(Holds).Chunk(Together))
        {
            var known = await orders.Find([.. some.Select(OrderOf).OfType<Guid>()], stop);
            var live = known.Where(order => order.Status != "rejected").Select(order => order.Id).ToHashSet();
            suspects.AddRange(some.Where(booked => !live.Contains(OrderOf(booked) ?? Guid.Empty)).Select(b => b.Key));
        }
        if (suspects.Count == 0)
            return [];
        var now = ByKey(await readBooks(stop));
        return
        [
            .. suspects
                .Select(key => now.GetValueOrDefault(key))
                .Where(Holds)
                .Select(booked => $"the provider holds {booked}, and there is no order for it"),
        ];
    }

    static bool Holds(Booking? booked) => booked is { State: "authorised" or "challenged" };

    static Guid? OrderOf(Booking booked) =>
        booked.Key.StartsWith(Prefix, StringComparison.Ordinal)
        && Guid.TryParse(booked.Key[Prefix.Length..], out var id)
            ? id
            : null;

    static Dictionary<string, Booking> ByKey(IEnumerable<Booking> books) =>
        books.ToDictionary(booked => booked.Key, StringComparer.Ordinal);
}
