using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Ordering.Orders;
using Kontor.Ordering.Payments;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Checkout;

/// <summary>Makes an order of a cart.</summary>
/// <remarks>
/// The request submits the attempt and drives its steps. Its answer is fixed once under the key: by the step that
/// settles the attempt, or as 202 when the buyer has waited long enough; a repeat is sent what stands there.
/// </remarks>
static class PlaceOrder
{
    const int Attempts = 8;

    /// <param name="ExpectedTotal">What the buyer was shown; another total is refused.</param>
    /// <param name="Version">The cart's version that the buyer saw; another one is refused.</param>
    public sealed record Request(Money ExpectedTotal, Payment Payment, long? Version = null);

    public sealed record Payment(
        [property: Required, MaxLength(100)] string Provider,
        [property: Required, MaxLength(500)] string Token
    );

    /// <summary>What is wished, and by which request.</summary>
    /// <param name="IfMatch">The version that the header names.</param>
    internal sealed record Wish(Request Request, long? IfMatch, string TraceId);

    public static void Map(IEndpointRouteBuilder carts) =>
        carts
            .MapPost("/{cart}/checkout", Handle)
            .WithName("placeOrder")
            .WithSummary("Makes an order of a cart; 202 where its payment is not settled yet")
            .WithMetadata(new RouteClass(RouteClass.Money))
            .HeldBy("the cart's token, or scope ordering:write")
            .Answers(StatusCodes.Status201Created, StatusCodes.Status202Accepted)
            .Refuses(
                Refusals.IdempotencyKeyRequired,
                Refusals.IdempotencyKeyReused,
                Refusals.RequestInProgress,
                Refusals.AnswerErased,
                Refusals.PreconditionFailed,
                Rejections.CartNotFound,
                Rejections.UnknownPaymentProvider,
                Rejections.UnknownPaymentToken,
                Rejections.CartAlreadyOrdered,
                Rejections.CartErased,
                Rejections.CartChanged,
                Rejections.CartEmpty,
                Rejections.CartNotAddressed,
                Rejections.CatalogUnavailable,
                Rejections.OutOfStock,
                Rejections.PriceChanged,
                Rejections.VariantNotSold,
                Rejections.PaymentDeclined
            );

    static async Task<Reply<OrderView>> Handle(
        CartId cart,
        Request wanted,
        HttpContext http,
        CartDesk desk,
        Submission submission,
        Counter counter,
        CancellationToken stop
    )
    {
        if (!(await IdempotencyClaim.Of(http, stop)).Is(out var claim, out var rejection))
            return rejection;
        if (claim is null)
            return Refusals.IdempotencyKeyRequired;
        if (!http.ExpectedVersion(required: false).Is(out var ifMatch, out rejection))
            return rejection;
        var wish = new Wish(wanted, ifMatch, http.TraceId);

        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (!(await desk.Find(http, cart, Scopes.OrderingWrite, stop)).Is(out var found, out rejection))
                return rejection;
            var shelf = await desk.Shelf(found, stop);
            if (await submission.Try(found, shelf, wish, claim, stop) is not { } result)
                continue;
            if (!result.Is(out var submitted, out rejection))
                return rejection;
            return submitted.Answer is { } standing
                ? counter.Repeat(standing, submitted.Order)
                : await counter.Serve(submitted.Attempt!, stop);
        }
        return Refusals.Busy;
    }

    /// <summary>Whether this cart, at the prices of now, becomes the order that the buyer expects.</summary>
    internal static Result<OrderEvent.Submitted> Decide(
        Cart cart,
        Shelf shelf,
        Wish wish,
        IPaymentProvider? provider,
        OrderId order,
        DateTimeOffset now
    )
    {
        var wanted = wish.Request;
        if (provider is null)
            return Rejections.UnknownPaymentProvider;
        if (!provider.Accepts(wanted.Payment.Token))
            return Rejections.UnknownPaymentToken;
        if (cart.Attempt is { } standing)
            return Rejections.CartAlreadyOrdered.Because($"The order is /api/v1/orders/{standing}.");
        if (wish.IfMatch is { } version && version != cart.Version)
            return Refusals.PreconditionFailed;
        if (wanted.Version is { } seen && seen != cart.Version)
            return Rejections.CartChanged.Because($"It has version {cart.Version} now.");
        if (cart.Lines.Count == 0)
            return Rejections.CartEmpty;
        if (cart.Contact is null || cart.Country is not { } country)
            return Rejections.CartNotAddressed;
        if (!shelf.IsKnown)
            return Rejections.CatalogUnavailable;
        if (cart.Skus.FirstOrDefault(sku => shelf.Find(sku) is not null && shelf.PriceOf(sku) is null) is { } unpriced)
            return Rejections.VariantNotSold.Because(
                $"'{unpriced}' is not sold in {cart.Currency} to {country} any more; take it out of the cart."
            );
        if (cart.Skus.Where(sku => !IsSold(shelf, sku)).ToList() is { Count: > 0 } missing)
            return Rules.Short(missing);

        var lines = cart.Lines.Select(line => LineOf(line, shelf)).ToList();
        var totals = CartTotals.Of(lines.Select(line => line.Total), cart.Currency);
        return totals.Total == wanted.ExpectedTotal
            ? new OrderEvent.Submitted(order.Value, cart.Id.Value, lines, totals, country, provider.Name, now)
            : Rejections.PriceChanged.Because($"The total is {totals.Total} now, in minor units.");
    }

    static bool IsSold(Shelf shelf, string sku) =>
        shelf.PriceOf(sku) is not null && shelf.Find(sku) is { Availability: not "outOfStock" };

    static OrderLine LineOf(CartLine line, Shelf shelf)
    {
        var price = shelf.PriceOf(line.Sku)!.Value; // Decide refuses lines that are not sold.
        return new(line.Sku, shelf.Find(line.Sku)?.Title ?? line.Title, line.Quantity, price, price * line.Quantity);
    }
}
