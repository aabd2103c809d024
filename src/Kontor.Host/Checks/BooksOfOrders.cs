using Kontor.Kernel;
using Kontor.Ordering.Orders;
using Kontor.Platform.Data;
using Kontor.Sandbox;

namespace Kontor.Host.Checks;

/// <summary>Reads the provider's books as they stand now.</summary>
delegate Task<IReadOnlyList<Booking>> ReadBooks(CancellationToken stop);

/// <summary>The provider took the money of each placed order once, and of no other.</summary>
/// <remarks>
/// Books and orders cannot be read at one moment. Money is taken before an order is placed and given back before it is
/// rejected, so what does not fit is held against books that are read after it, and only then is a finding.
/// It is about orders that the sandbox was asked for. Those that are not in the books and were submitted before the first
/// booking are passed over: they are of a time when other books were kept. So books that were lost and begun anew are
/// found out only by what they hold and by orders since; while they are empty, no placed order is missed. The sandbox's
/// clock and this installation's are taken to agree.
/// </remarks>
sealed class BooksOfOrders(SettledOrders orders, ReadBooks readBooks) : ICheck
{
    const int Together = 1_000;
    const string Provider = "sandbox";
    const string Prefix = "order-";

    public string Service => "ordering";

    public string Rule => "PROVIDER_TOOK_WHAT_ORDERS_SAY";

    public async Task<IReadOnlyList<string>> Run(CancellationToken stop)
    {
        var books = OpenBooks.Of(await readBooks(stop));
        var findings = new List<string>();
        for (var after = Guid.Empty; findings.Count < ICheck.MaxFindings; )
        {
            var page = await orders.Page(after, Together, stop);
            if (page.Count == 0)
                break;
            after = page[^1].Id;
            if (page.Where(order => Compare(order, books) is not null).ToList() is not { Count: > 0 } suspects)
                continue;
            books = OpenBooks.Of(await readBooks(stop));
            findings.AddRange(suspects.Select(order => Compare(order, books)).OfType<string>());
        }
        findings.AddRange(await WithoutOrder(books, stop));
        return [.. findings.Take(ICheck.MaxFindings)];
    }

    /// <summary>Null where the two agree, or nothing can be said.</summary>
    internal static string? Compare(OrderFacts order, OpenBooks books)
    {
        if (order.Provider != Provider)
            return null;
        var booked = books.Find(Prefix + order.Id);
        if (order.Status == "rejected")
            return Holds(booked) ? $"order {order.Id} is rejected, and the provider holds {booked}" : null;
        if (booked is null && !(books.Began <= order.SubmittedAt))
            return null;
        return
            booked is { State: "authorised" }
            && new Money(booked.Amount, booked.Currency) == order.Total
            && booked.Reference == order.Authorisation
            ? null
            : $"order {order.Id} is placed for {order.Total}, and the provider has {booked?.ToString() ?? "nothing"}";
    }

    async Task<IReadOnlyList<string>> WithoutOrder(OpenBooks books, CancellationToken stop)
    {
        var suspects = new List<string>();
        foreach (var some in books.All.Where(Holds).Chunk(Together))
        {
            var known = await orders.Find([.. some.Select(OrderOf).OfType<Guid>()], stop);
            var live = known
                .Where(order => order is { Provider: Provider, Status: not "rejected" })
                .Select(order => order.Id)
                .ToHashSet();
            suspects.AddRange(some.Where(booked => !live.Contains(OrderOf(booked) ?? Guid.Empty)).Select(b => b.Key));
        }
        if (suspects.Count == 0)
            return [];
        var now = OpenBooks.Of(await readBooks(stop));
        return
        [
            .. suspects
                .Select(now.Find)
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
}

/// <summary>The books as they were read.</summary>
/// <param name="Began">When the first booking was made; null while there is none.</param>
sealed record OpenBooks(IReadOnlyDictionary<string, Booking> ByKey, DateTimeOffset? Began)
{
    public IEnumerable<Booking> All => ByKey.Values;

    public static OpenBooks Of(IReadOnlyList<Booking> books) =>
        new(
            books.ToDictionary(booked => booked.Key, StringComparer.Ordinal),
            books.Min(booked => (DateTimeOffset?)booked.BookedAt)
        );

    public Booking? Find(string key) => ByKey.GetValueOrDefault(key);
}
