using System.Globalization;
using Kontor.Ordering.Orders;
using Kontor.Platform;
using Microsoft.Extensions.Configuration;

namespace Kontor.Ordering.Checkout;

/// <summary>How long a checkout waits for whom.</summary>
/// <param name="Inline">The buyer, from submission on; then the answer is 202 and the attempt goes on without them.</param>
/// <param name="Provider">One call to a payment provider.</param>
/// <param name="Catalog">One call to Catalog.</param>
/// <param name="Pause">Before a step that could not be done is tried again; doubled each time, up to 32 times.</param>
public sealed record CheckoutLimits(TimeSpan Inline, TimeSpan Provider, TimeSpan Catalog, TimeSpan Pause)
{
    // Added to the time of day: a time without end would be none that a clock can show. And "10" means ten days.
    static readonly TimeSpan Longest = TimeSpan.FromDays(30);

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
    /// <exception cref="MisconfiguredException">One is no time above zero; the message says which.</exception>
    public static CheckoutLimits From(IConfiguration configuration) =>
        Usual with
        {
            StandStill = Read(configuration, "Checkout:StandStill", Usual.StandStill),
            AwaitPayment = Read(configuration, "Checkout:AwaitPayment", Usual.AwaitPayment),
        };

    static TimeSpan Read(IConfiguration configuration, string name, TimeSpan usual) =>
        configuration[name] is not { Length: > 0 } written ? usual
        : TimeSpan.TryParse(written, CultureInfo.InvariantCulture, out var time)
        && time > TimeSpan.Zero
        && time <= Longest
            ? time
        : throw new MisconfiguredException(
            $"{name} is '{written}'; it must be a time above zero and of {Longest.Days} days at most, such as 00:00:10 (hours:minutes:seconds)."
        );

    /// <summary>When somebody is to look at an order that moved just now; null where it needs nobody any more.</summary>
    internal DateTimeOffset? DueOf(Order order, DateTimeOffset now) =>
        order switch
        {
            { IsSettled: true } => null,
            { Stage: OrderStage.AwaitingPayment } => now + AwaitPayment,
            _ => now + StandStill,
        };
}
