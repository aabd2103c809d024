using Npgsql;

namespace Kontor.Ordering.Tests;

/// <summary>Holds what the provider took, what is reserved and what the orders say against each other.</summary>
static class Books
{
    sealed record Row(Guid Id, string Status, long Total, string Currency, string? Authorisation);

    /// <summary>One authorisation for a placed order, none for a rejected one; stock is held for the same orders. What is
    /// not settled yet may hold both.</summary>
    public static async Task Agree(Shop shop)
    {
        var orders = await Orders(shop.Database.Source);
        var held = shop.Catalog.Held();
        var books = (await shop.Sandbox.Books()).ToDictionary(booked => booked.Key);

        foreach (var order in orders)
        {
            var booked = books.GetValueOrDefault($"order-{order.Id}");
            if (order.Status == "placed")
            {
                Assert.Equal(
                    ("authorised", order.Total, order.Currency, order.Authorisation),
                    (booked?.State, booked?.Amount ?? 0, booked?.Currency, booked?.Reference)
                );
                Assert.Contains(order.Id, held);
            }
            else if (order.Status == "rejected")
            {
                Assert.True(booked?.State is null or "declined" or "cancelled", $"{order} holds money: {booked}");
                Assert.DoesNotContain(order.Id, held);
            }
        }
        Assert.Subset(orders.Select(order => order.Id).ToHashSet(), held.ToHashSet());
        var known = orders.Select(order => $"order-{order.Id}").ToHashSet();
        Assert.All(
            books.Values.Where(booked => booked.State is "authorised" or "challenged"),
            booked => Assert.Contains(booked.Key, known)
        );
    }

    static async Task<IReadOnlyList<Row>> Orders(NpgsqlDataSource source)
    {
        List<Row> orders = [];
        await using var read = source.CreateCommand("select id, status, total, currency, authorisation from orders");
        await using var row = await read.ExecuteReaderAsync();
        while (await row.ReadAsync())
            orders.Add(
                new(
                    row.GetGuid(0),
                    row.GetString(1),
                    row.GetInt64(2),
                    row.GetString(3),
                    await row.IsDBNullAsync(4) ? null : row.GetString(4)
                )
            );
        return orders;
    }
}
