using System.Diagnostics;
using Kontor.Kernel;
using Kontor.Platform.Data;

namespace Kontor.Ordering.Payments;

/// <summary>A provider that takes no real money and behaves as its token says, with books of its own.</summary>
/// <remarks>Its statements commit by themselves, on its own connections: what it "took" stands though the order's
/// transaction fails, as it would with a real provider.</remarks>
sealed class SandboxProvider(OrderingDatabase database, TimeProvider clock) : IPaymentProvider
{
    public const string Approve = "tok_approve";
    public const string Decline = "tok_decline";

    /// <summary>Takes the money and never answers the first call.</summary>
    public const string Timeout = "tok_timeout";

    /// <summary>Takes the money and answers after 5 seconds.</summary>
    public const string Late = "tok_late";

    /// <summary>Waits for the buyer.</summary>
    public const string Challenge = "tok_challenge";

    static readonly TimeSpan Lateness = TimeSpan.FromSeconds(5);

    public string Name => "sandbox";

    public bool Accepts(string token) => token is Approve or Decline or Timeout or Late or Challenge;

    public async Task<PaymentOutcome> Authorise(PaymentRequest request, CancellationToken stop)
    {
        var entry = await Enter(request, stop);
        if (entry.Amount != request.Amount)
            throw new InvalidOperationException($"The payment key {request.Key} was used for another amount.");
        if (entry.State == "cancelled")
            return new PaymentOutcome.Cancelled();
        if (request.Token == Timeout && entry.Asked == 1)
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, clock, stop);
        if (entry.AnswerAt - clock.GetUtcNow() is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, clock, stop);
            return await Find(request.Key, stop); // It may have been cancelled meanwhile.
        }
        return OutcomeOf(entry.State, entry.Reference);
    }

    public async Task Cancel(string key, CancellationToken stop)
    {
        await using var cancel = database.Source.CreateCommand(
            """
            insert into sandbox_authorisations (key, token, amount, currency, state, reference, answer_at, created_at)
            values ($1, '', 0, '', 'cancelled', $2, $3, $3)
            on conflict (key) do update set state = 'cancelled' where sandbox_authorisations.state <> 'declined'
            """
        );
        cancel.Parameters.Add(new() { Value = key });
        cancel.Parameters.Add(new() { Value = NewReference() });
        cancel.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await cancel.ExecuteNonQueryAsync(stop);
    }

    public async Task<PaymentOutcome> Find(string key, CancellationToken stop)
    {
        await using var find = database.Source.CreateCommand(
            "select state, reference from sandbox_authorisations where key = $1"
        );
        find.Parameters.Add(new() { Value = key });
        await using var row = await find.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop) ? OutcomeOf(row.GetString(0), row.GetString(1)) : new PaymentOutcome.Unknown();
    }

    /// <summary>The entry under the key: made now, or found as it stands.</summary>
    async Task<Entry> Enter(PaymentRequest request, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await using var enter = database
            .Source.CreateCommand(
                """
                insert into sandbox_authorisations (key, token, amount, currency, state, reference, answer_at, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                on conflict (key) do update set asked = sandbox_authorisations.asked + 1
                returning state, reference, asked, answer_at, amount, currency
                """
            )
            .With(
                request.Key,
                request.Token,
                request.Amount.Amount,
                request.Amount.Currency,
                StateOf(request.Token),
                NewReference(),
                request.Token == Late ? now + Lateness : now,
                now
            );
        await using var row = await enter.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return new(
            row.GetString(0),
            row.GetString(1),
            row.GetInt32(2),
            row.GetFieldValue<DateTimeOffset>(3),
            row.GetString(0) == "cancelled" ? request.Amount : new Money(row.GetInt64(4), row.GetString(5))
        );
    }

    static string StateOf(string token) =>
        token switch
        {
            Approve or Timeout or Late => "authorised",
            Decline => "declined",
            Challenge => "challenged",
            _ => throw new UnreachableException($"The sandbox does not know the token {token}."),
        };

    static PaymentOutcome OutcomeOf(string state, string reference) =>
        state switch
        {
            "authorised" => new PaymentOutcome.Authorised(reference),
            "declined" => new PaymentOutcome.Declined(),
            "challenged" => new PaymentOutcome.Awaiting(reference),
            "cancelled" => new PaymentOutcome.Cancelled(),
            _ => throw new UnreachableException($"The sandbox's books have no state {state}."),
        };

    string NewReference() => $"sandbox-{Id<SandboxProvider>.New(clock)}";

    sealed record Entry(string State, string Reference, int Asked, DateTimeOffset AnswerAt, Money Amount);
}
