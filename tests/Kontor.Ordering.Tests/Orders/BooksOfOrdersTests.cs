using Kontor.Host.Checks;
using Kontor.Ordering.Orders;
using Kontor.Sandbox;

namespace Kontor.Ordering.Tests.Orders;

/// <summary>What is found when the provider's books and the orders are held against each other, each thing planted once.</summary>
public sealed class BooksOfOrdersTests
{
    [Fact]
    public async Task Books_and_orders_that_agree_are_left_alone()
    {
        await using var shop = await WithOrders();

        Assert.Empty(await Check(shop, await Books(shop)));
    }

    [Fact]
    public async Task Money_that_is_missing_or_other_is_found()
    {
        await using var shop = await WithOrders();
        var books = await Books(shop);
        var last = books.Last(booked => booked.State == "authorised");

        foreach (
            var planted in (Booking?[])
                [null, last with { Amount = 201 }, last with { State = "cancelled" }, last with { Reference = "other" }]
        )
            Assert.Contains(
                last.Key,
                "order-" + Assert.Single(await Check(shop, With(books, last, planted)))["order ".Length..],
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task Money_of_no_live_order_is_found()
    {
        await using var shop = await WithOrders();
        var books = await Books(shop);
        var declined = books.Single(booked => booked.State == "declined");

        Assert.Contains(
            "is rejected, and the provider holds",
            (await Check(shop, With(books, declined, declined with { State = "authorised" })))[0],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "there is no order for it",
            Assert.Single(
                await Check(shop, [.. books, books[0] with { Key = $"order-{Fresh.Id()}", State = "challenged" }])
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Orders_of_a_time_before_the_books_are_passed_over()
    {
        await using var shop = await WithOrders();
        var books = await Books(shop);
        var later = books[0] with { Key = "k", State = "declined", BookedAt = books[^1].BookedAt.AddHours(1) };

        Assert.Empty(await Check(shop, []));
        Assert.Empty(await Check(shop, [later]));
        Assert.Equal(2, (await Check(shop, [later with { BookedAt = books[0].BookedAt.AddHours(-1) }])).Count);
    }

    [Fact]
    public async Task Orders_of_another_provider_are_not_the_sandbox_s()
    {
        await using var shop = await WithOrders();
        var books = await Books(shop);
        await shop.Count("with other as (update orders set provider = 'other' returning 1) select count(*) from other");

        var began = books[0] with { Key = "k", State = "declined", BookedAt = books[0].BookedAt.AddHours(-1) };
        Assert.Empty(await Check(shop, [began]));
        Assert.All(
            await Check(shop, books),
            said => Assert.EndsWith("there is no order for it", said, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_was_under_way_while_the_books_were_read_is_no_finding()
    {
        await using var shop = await WithOrders();
        var books = await Books(shop);
        var late = books.Last(booked => booked.State == "authorised");
        var reads = 0;

        var found = await new BooksOfOrders(
            new SettledOrders(shop.Database),
            _ => Task.FromResult(reads++ == 0 ? With(books, late, null) : books)
        ).Run(TestContext.Current.CancellationToken);

        Assert.Empty(found);
        Assert.Equal(2, reads);
    }

    /// <summary>Two placed, and one declined.</summary>
    static async Task<Shop> WithOrders()
    {
        var shop = await Shop.Start(Kontor.Ordering.Checkout.CheckoutLimits.Usual);
        foreach (var (token, status) in new[] { ("tok_approve", 201), ("tok_decline", 402), ("tok_approve", 201) })
            (await (await Guest.Ready(shop, shop.Catalog.Sells(100))).Pays(token, 200)).Is(status);
        return shop;
    }

    static Task<IReadOnlyList<Booking>> Books(Shop shop) =>
        BookReader.FromServer(shop.Sandbox.Account.Url, shop.Sandbox.Secret, TestContext.Current.CancellationToken);

    static IReadOnlyList<Booking> With(IReadOnlyList<Booking> books, Booking old, Booking? planted) =>
        [.. books.Select(booked => booked == old ? planted : booked).OfType<Booking>()];

    static Task<IReadOnlyList<string>> Check(Shop shop, IReadOnlyList<Booking> books) =>
        new BooksOfOrders(new SettledOrders(shop.Database), _ => Task.FromResult(books)).Run(
            TestContext.Current.CancellationToken
        );
}
