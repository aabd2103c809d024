namespace Kontor.Platform.Postgres;

/// <summary>What a private cluster is started with.</summary>
/// <param name="DataFolder">Kontor's data folder; the cluster lies in it, or where a file in it says.</param>
public sealed record ClusterOptions(string DataFolder)
{
    /// <summary>The folder of PostgreSQL's server programs; null to look for them.</summary>
    public string? Binaries { get; init; }

    /// <summary>For tests: nothing is synced, and the folder goes when the server stops, or when this process dies.</summary>
    public bool IsThrowaway { get; init; }

    /// <summary>Crash recovery after much work takes long, so this is generous.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(10);
}
