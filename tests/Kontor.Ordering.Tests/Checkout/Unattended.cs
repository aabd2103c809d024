using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Checkout;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;
using Kontor.Platform.Http;

namespace Kontor.Ordering.Tests.Checkout;

/// <summary>Attempts that nobody drives: as a process leaves them that dies at a moment.</summary>
static class Unattended
{
    /// <summary>What the request does first, and no more: as if the process died then.</summary>
    public static async Task<Attempt> Submit(Shop shop, Guest guest, string token, string key = "the-key")
    {
        var request = new PlaceOrder.Request(new Money(200, "EUR"), new("sandbox", token));
        var cart = await CartTable.Find(shop.Database.Source, CartId.Parse(guest.Cart, null), default);
        var shelf = await shop.The<Goods>().Ask(cart!.Question, default);
        var claim = new IdempotencyClaim(
            $"cart:{Convert.ToHexStringLower(CartToken.Hash(guest.Token))}",
            "POST",
            $"/api/v1/carts/{{cart}}/checkout cart={guest.Cart}",
            key,
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"\n{JsonSerializer.Serialize(Guest.Payment(token, 200), JsonSerializerOptions.Web)}"
                )
            )
        );
        var submitted = await shop.The<Submission>().Try(cart, shelf, new(request, null, "trace"), claim, default);
        return submitted!.Value.Value.Attempt!;
    }

    /// <summary>One step; a provider that never answers is left after a moment, as a dying process leaves it.</summary>
    public static async Task<Progress> Step(Shop shop, Attempt attempt)
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var hangs =
            attempt.Order.Stage == OrderStage.PaymentRequested && shop.The<Ledger>().TokenOf(attempt) == "tok_timeout";
        try
        {
            return await shop.The<Till>().Advance(attempt, hangs ? moment.Token : default);
        }
        catch (OperationCanceledException)
        {
            return new(attempt, Moved: true);
        }
    }

    /// <summary>The side effect of the next step, and the process dies before it writes it down.</summary>
    public static async Task ActWithoutRecording(Shop shop, Attempt attempt)
    {
        var order = attempt.Order;
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var provider = shop.The<IPaymentProvider>();
        switch (order.Stage)
        {
            case OrderStage.Submitted:
                var lines = order.Lines.Select(line => new ReservationLine(line.Sku, line.Quantity));
                await shop.Catalog.Reserve(new(order.Id.Value, [.. lines]), default);
                break;
            case OrderStage.PaymentRequested:
                var request = new PaymentRequest(
                    order.PaymentKey!,
                    order.Totals.Total,
                    shop.The<Ledger>().TokenOf(attempt)
                );
                try
                {
                    await provider.Authorise(request, moment.Token);
                }
                catch (OperationCanceledException)
                {
                    // tok_timeout: the money is taken and nobody was told.
                }
                break;
            case OrderStage.Failed:
                await provider.Cancel(order.PaymentKey!, default);
                await shop.Catalog.Release(order.Id.Value, default);
                break;
        }
    }

    /// <summary>Waits until somebody has brought it there.</summary>
    public static async Task<Order> Reaches(Shop shop, OrderId id, params OrderStage[] stages)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            var order = (await shop.The<Ledger>().Load(id, default)).Order;
            if (stages.Contains(order.Stage))
                return order;
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"It stands at {order.Stage}.");
            await Task.Delay(50);
        }
    }
}
