using Kontor.Kernel;

namespace Kontor.Ordering.Payments;

/// <summary>Whoever takes the money. A third party adds one by registering it; an order names it by its name.</summary>
/// <remarks>Every call may be repeated with the same key, at any time, by any process, and two at once: a key stands for
/// one authorisation at most. A call that throws or times out has told nothing.</remarks>
public interface IPaymentProvider
{
    /// <summary>As checkouts name it, <c>sandbox</c>.</summary>
    string Name { get; }

    /// <summary>Whether a token has the form of one of its own; asked before an attempt begins, without I/O.</summary>
    bool Accepts(string token);

    /// <summary>Holds the amount. The same key again answers what came of it the first time.</summary>
    Task<PaymentOutcome> Authorise(PaymentRequest request, CancellationToken stop);

    /// <summary>Gives back what is held under the key. An unknown key is recorded as cancelled, so that an authorisation
    /// still on its way fails when it arrives.</summary>
    Task Cancel(string key, CancellationToken stop);

    /// <summary>What came of a key, as the provider's books have it now.</summary>
    Task<PaymentOutcome> Find(string key, CancellationToken stop);
}

/// <param name="Key">Made durable before the first call and used by every repeat.</param>
public sealed record PaymentRequest(string Key, Money Amount, string Token);

/// <summary>What a provider says came of a key.</summary>
public abstract record PaymentOutcome
{
    /// <param name="Reference">The provider's own name for it.</param>
    public sealed record Authorised(string Reference) : PaymentOutcome;

    public sealed record Declined : PaymentOutcome;

    /// <summary>The buyer must act first (3-D Secure, redirect).</summary>
    public sealed record Awaiting(string Reference) : PaymentOutcome;

    public sealed record Cancelled : PaymentOutcome;

    /// <summary>The books do not have the key; it may still be on its way.</summary>
    public sealed record Unknown : PaymentOutcome;
}
