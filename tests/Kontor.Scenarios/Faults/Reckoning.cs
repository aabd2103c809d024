using System.Globalization;

namespace Kontor.Scenarios.Faults;

/// <summary>Holds the provider's books, the stock and the orders against each other.</summary>
static class Reckoning
{
    /// <summary>All that was begun is settled, and what is held is held for exactly one reason.</summary>
    public static async Task Agrees(Rehearsal rehearsal)
    {
        await Eventually.Holds(
            async () => (await rehearsal.Orders()).All(order => order.IsSettled),
            "every attempt is settled"
        );
        var orders = await rehearsal.Orders();
        foreach (var ofCart in orders.GroupBy(order => order.Cart))
            Assert.True(ofCart.Count(order => order.Status == "placed") <= 1, $"Cart {ofCart.Key} has two orders.");
        await MoneyAgrees(rehearsal, orders);
        await StockAgrees(rehearsal, orders);
    }

    static async Task MoneyAgrees(Rehearsal rehearsal, IReadOnlyList<StandingOrder> orders)
    {
        var books = await rehearsal.Shop.Sandbox.Books();
        var live = books.Values.Where(booking => booking.State is "authorised" or "challenged").ToList();
        var placed = orders.Where(order => order.Status == "placed").ToList();
        Assert.Equal(
            placed.Select(order => Line(order.PaymentKey, order.Total)).Order(StringComparer.Ordinal),
            live.Select(booking => Line(booking.Key, booking.Amount)).Order(StringComparer.Ordinal)
        );
        Assert.All(live, booking => Assert.Equal("authorised", booking.State));
        var known = orders.Select(order => order.PaymentKey).ToHashSet(StringComparer.Ordinal);
        Assert.All(books.Keys, key => Assert.Contains(key, known));
    }

    static async Task StockAgrees(Rehearsal rehearsal, IReadOnlyList<StandingOrder> orders)
    {
        // Catalog follows the orders, and comes as far as they are.
        await Eventually.Holds(
            async () =>
            {
                var states = await rehearsal.Reservations();
                return orders
                    .Where(order => order.Status == "placed")
                    .All(order => states.GetValueOrDefault(order.Id) == "committed");
            },
            "the stock of every placed order is sold"
        );
        var reservations = await rehearsal.Reservations();
        Assert.All(
            orders.Where(order => order.Status == "rejected"),
            order => Assert.NotEqual("held", reservations.GetValueOrDefault(order.Id))
        );
        Assert.DoesNotContain("held", reservations.Values);
        Assert.Equal(
            orders
                .Where(order => order.Status == "placed")
                .GroupBy(order => order.Sku, StringComparer.Ordinal)
                .Select(sold => Line(sold.Key, sold.Sum(order => order.Pieces)))
                .Order(StringComparer.Ordinal),
            (await rehearsal.Reserved()).Select(row => Line(row.Key, row.Value)).Order(StringComparer.Ordinal)
        );
    }

    static string Line(string what, long amount) => string.Create(CultureInfo.InvariantCulture, $"{what} {amount}");
}
