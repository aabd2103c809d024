using Kontor.Journal;
using Npgsql;

namespace Kontor.Platform.Data;

/// <summary>What one service owns in PostgreSQL: connections as its own role, with its own schema as search path, and
/// its journal. Each service has one subclass, so that no feature can ask for another's by mistake.</summary>
public abstract class ServiceDatabase(string name, NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>The service's name, which is also its schema's and its journal's topic: <c>catalog</c>.</summary>
    public string Name => name;

    public NpgsqlDataSource Source => source;

    /// <summary>What <c>kontor verify</c> holds this service's data to, besides its journal.</summary>
    public virtual IReadOnlyList<Invariant> Invariants => [];

    public EventJournal Journal { get; } = new(name, source, clock);
}
