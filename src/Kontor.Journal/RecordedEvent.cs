namespace Kontor.Journal;

/// <summary>An event as the journal holds it.</summary>
/// <param name="Id">Insertion id; it stands in write positions, never in an order.</param>
/// <param name="Sequence">Dense place in the service's total order; 0 while it has none yet.</param>
/// <param name="Version">Dense place in its stream, from 1.</param>
/// <param name="Body">JSON text as PostgreSQL normalises it.</param>
public sealed record RecordedEvent(
    long Id,
    long Sequence,
    string Stream,
    long Version,
    string Type,
    DateTimeOffset Time,
    string Body
);
