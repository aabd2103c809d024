using Kontor.Ordering.Orders;
using Microsoft.Extensions.Configuration;

namespace Kontor.Ordering.Checkout;

/// <summary>How long a checkout waits for whom.</summary>
/// <param name="Inline">The buyer, from submission on; then the answer is 202 and the attempt goes on without them.</param>
/// <param name="Provider">One call to a payment provider.</param>
/// <param name="Catalog">One call to Catalog.</param>
/// <param name="Pause">Before a step that could not be done is tried again; doubled each time, up to 32 times.</param>
public sealed record CheckoutLimits(TimeSpan Inline, TimeSpan Provider, TimeSpan Catalog, TimeSpan Pause)
{
    public static readonly CheckoutLimits Usual = new(
        Inline: TimeSpan.FromSeconds(3),
        Provider: TimeSpan.FromSeconds(10),
        Catalog: TimeSpan.FromSeconds(2),
        Pause: TimeSpan.FromMilliseconds(250)
    );

    /// <summary>An attempt that has not moved for so long is taken over: whoever drove it may be gone.</summary>
    public TimeSpan StandStill { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The buyer, to confirm a payment; then the attempt is undone.</summary>
    public TimeSpan AwaitPayment { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Between two looks for attempts that stand still.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The usual ones, but for what <c>Checkout:StandStill</c> and <c>Checkout:AwaitPayment</c> say (<c>00:30:00</c>).</summary>
    public static CheckoutLimits From(IConfiguration configuration) =>
        Usual with
        {
            StandStill = configuration.GetValue("Checkout:StandStill", Usual.StandStill),
            AwaitPayment = configuration.GetValue("Checkout:AwaitPayment", Usual.AwaitPayment),
        };

    /// <summary>When somebody is to look at an order that moved just now; null where it needs nobody any more.</summary>
    internal DateTimeOffset? DueOf(Order order, DateTimeOffset now) =>
        order switch
        {
            { IsSettled: true } => null,
            { Stage: OrderStage.AwaitingPayment } => now + AwaitPayment,
            _ => now + StandStill,
        };
}
