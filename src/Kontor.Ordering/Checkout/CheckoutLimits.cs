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
}
