namespace Kontor.Sandbox;

enum EntryKind
{
    /// <summary>A key was used for the first time: <c>state</c> and <c>reference</c>, and the rest as it was asked.</summary>
    Booked,

    /// <summary>The authorisation has another <c>state</c>.</summary>
    Changed,

    /// <summary>The callback of the change <c>sequence</c> was taken.</summary>
    Delivered,

    /// <summary>Nobody took it.</summary>
    GivenUp,
}

/// <summary>One line of the books.</summary>
/// <param name="No">1, 2, 3 …</param>
sealed record Entry(
    long No,
    EntryKind Kind,
    string Key,
    DateTimeOffset At,
    State? State = null,
    string? Reference = null,
    string? Token = null,
    long? Amount = null,
    string? Currency = null,
    string? Callbacks = null,
    int? Sequence = null
);
