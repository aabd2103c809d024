namespace Kontor.Sandbox;

/// <summary>What came of an authorisation so far.</summary>
enum State
{
    Authorised,
    Declined,

    /// <summary>The buyer must confirm or decline first.</summary>
    Challenged,

    Cancelled,
}

/// <summary>How far the callback about a change has come.</summary>
enum Delivery
{
    /// <summary>The authorisation was made without an address for callbacks.</summary>
    None,
    Waiting,
    Taken,

    /// <summary>Nobody took it, however often it was tried.</summary>
    GivenUp,
}

/// <summary>One change of an authorisation.</summary>
/// <param name="Sequence">1, 2, 3 … within its authorisation.</param>
sealed record Change(int Sequence, State State, DateTimeOffset At, Delivery Delivery);

/// <summary>What stands under a key: one authorisation, for ever.</summary>
/// <param name="Amount">In minor units; 0 where the key was cancelled before anybody asked for money under it.</param>
/// <param name="Callbacks">Where changes are told.</param>
/// <param name="Asked">How often the money was asked for, since the program started.</param>
sealed record Authorisation(
    string Key,
    string Token,
    long Amount,
    string Currency,
    string Reference,
    string? Callbacks,
    IReadOnlyList<Change> Changes,
    int Asked = 1
)
{
    public State State => Changes[^1].State;

    public DateTimeOffset BookedAt => Changes[0].At;

    /// <summary>What an entry makes of it.</summary>
    public static Authorisation Apply(Authorisation? before, Entry entry) =>
        entry.Kind switch
        {
            EntryKind.Booked => new(
                entry.Key,
                entry.Token ?? "",
                entry.Amount ?? 0,
                entry.Currency ?? "",
                entry.Reference!, // Every entry of this kind has one.
                entry.Callbacks,
                [ChangeOf(entry, 1, entry.Callbacks)]
            ),
            EntryKind.Changed => Before(before, entry) with
            {
                Changes = [.. before!.Changes, ChangeOf(entry, before.Changes.Count + 1, before.Callbacks)],
            },
            EntryKind.Delivered => Before(before, entry).Told(entry.Sequence!.Value, Delivery.Taken),
            EntryKind.GivenUp => Before(before, entry).Told(entry.Sequence!.Value, Delivery.GivenUp),
            _ => throw new InvalidOperationException($"The books have no entry {entry.Kind}."),
        };

    Authorisation Told(int sequence, Delivery delivery) =>
        this with
        {
            Changes =
            [
                .. Changes.Select(change => change.Sequence == sequence ? change with { Delivery = delivery } : change),
            ],
        };

    static Authorisation Before(Authorisation? before, Entry entry) =>
        before ?? throw new InvalidOperationException($"Entry {entry.No} is about a key that the books do not have.");

    static Change ChangeOf(Entry entry, int sequence, string? callbacks) =>
        new(sequence, entry.State!.Value, entry.At, callbacks is null ? Delivery.None : Delivery.Waiting);
}
