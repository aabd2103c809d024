using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>Where an import stands.</summary>
public enum ImportState
{
    /// <summary>Its files are being sent.</summary>
    Receiving,

    /// <summary>Its files are read, mapped and checked.</summary>
    Staging,

    /// <summary>It is compared with the catalogue.</summary>
    Planning,

    /// <summary>It waits for approval.</summary>
    Planned,

    /// <summary>Products are written.</summary>
    Loading,

    /// <summary>Products that are delivered no more are archived.</summary>
    Withdrawing,

    /// <summary>What it changed is being restored.</summary>
    Undoing,

    /// <summary>All is loaded.</summary>
    Done,

    /// <summary>What it changed was restored.</summary>
    Undone,

    /// <summary>It ended early; what it had loaded stands.</summary>
    Failed,

    /// <summary>Somebody ended it; what it had loaded stands.</summary>
    Cancelled,
}

/// <summary>How much of an import is done.</summary>
/// <param name="Rows">Rows of its files.</param>
/// <param name="Faulty">Rows put into quarantine, of which nothing comes in.</param>
/// <param name="Products">Different products that the rows speak of.</param>
/// <param name="Missing">Products that the supplier delivered before, and does not now.</param>
/// <param name="Planned">What is planned; nothing where it was loaded without asking.</param>
/// <param name="Loaded">What is loaded.</param>
/// <param name="Restored">Products that its undoing restored.</param>
/// <param name="LeftAlone">Products that its undoing left as somebody else had changed them since.</param>
/// <param name="Skipped">Rows that the mapping has no product for; counted in the rows, too.</param>
/// <param name="Partial">Its files do not say all that the supplier has: one could not be read to its end, or they are rows out
/// of a quarantine. Nothing is withdrawn then.</param>
public sealed record ImportCounts(
    long Rows = 0,
    long Faulty = 0,
    long Products = 0,
    long Missing = 0,
    ImportSums? Planned = null,
    ImportSums? Loaded = null,
    long Restored = 0,
    long LeftAlone = 0,
    long Skipped = 0,
    bool Partial = false
);

/// <summary>Products by what becomes of them.</summary>
/// <param name="Refused">Products that the catalogue does not take; the quarantine says why.</param>
/// <param name="Moved">Products that somebody changed between plan and load: planned anew, not loaded.</param>
public sealed record ImportSums(
    long Created = 0,
    long Changed = 0,
    long Unchanged = 0,
    long Withdrawn = 0,
    long Refused = 0,
    long Moved = 0
);

/// <summary>An import has come to another state, or further.</summary>
/// <param name="State">receiving, staging, planning, planned, loading, withdrawing, undoing, done, undone, failed or cancelled.</param>
/// <param name="Held">The code of why it waits or has failed.</param>
[EventName("import.moved.v1")]
public sealed record ImportMoved(Guid Import, string Supplier, string State, ImportCounts Counts, string? Held);

/// <summary>A scheduled import wants a person: its file could not be fetched, it waits or has failed, or it changes unusually
/// much.</summary>
/// <param name="Import">The import that it made; absent where it came to none.</param>
/// <param name="Code">ADDRESS_REFUSED, FETCH_FAILED, FEED_EMPTY, FEED_SHRANK, FEED_UNUSUAL …</param>
/// <param name="Because">The same for a person.</param>
[EventName("import.alerted.v1")]
public sealed record ImportAlerted(Guid Schedule, string Supplier, Guid? Import, string Code, string Because);
