namespace Kontor.Shape.Walls;

/// <summary>Who uses what: projects, and what each refers to (projects and packages).</summary>
/// <param name="Uses">By name of the project, without the solution's prefix: <c>Catalog</c>.</param>
sealed record Building(IReadOnlyDictionary<string, IReadOnlyList<string>> Uses)
{
    /// <summary>Everything that is not a room below is a service and knows no other service.</summary>
    static readonly string[] NotServices =
    [
        "Kernel",
        "Journal",
        "Contracts",
        "Platform",
        "Imports",
        "Search",
        "Search.OpenSearch",
        "Host",
        "Sandbox",
    ];

    static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Kernel"] = [],
        ["Journal"] = ["Kernel"],
        ["Contracts"] = ["Kernel"],
        // The search index is an algorithm: it knows no service, no database and no web.
        ["Search"] = [],
        // What is known of a feed without a database.
        ["Imports"] = ["Kernel"],
        // The same over HTTP, by a server of search beside Kontor.
        ["Search.OpenSearch"] = ["Search"],
        ["Platform"] = ["Kernel", "Journal"],
        // A payment provider of its own: it stands outside, and whoever wants it calls it over HTTP.
        ["Sandbox"] = ["Kernel"],
        // Clients of the public API: they know its words and nothing of the services.
        ["Client"] = ["Kernel", "Contracts"],
        ["Admin"] = ["Kernel", "Contracts", "Client"],
    };

    static readonly string[] ServiceMayUse =
    [
        "Kernel",
        "Journal",
        "Contracts",
        "Platform",
        "Imports",
        "Search",
        "Search.OpenSearch",
    ];

    /// <summary>Packages that only these rooms may take.</summary>
    static readonly (string Package, string[] Rooms)[] Reserved =
    [
        ("Microsoft.EntityFrameworkCore", ["Identity"]),
        ("Npgsql.EntityFrameworkCore", ["Identity"]),
        ("OpenIddict", ["Identity"]),
        ("Lucene.Net", ["Search"]),
        ("System.CommandLine", ["Host"]),
        ("Spectre.Console", ["Host"]),
    ];

    /// <summary>Every reference that goes through a wall, as a sentence.</summary>
    public IEnumerable<string> Breaches() => Uses.SelectMany(room => BreachesOf(room.Key, room.Value));

    IEnumerable<string> BreachesOf(string room, IReadOnlyList<string> uses)
    {
        foreach (var other in uses.Where(Uses.ContainsKey))
            if (room != "Host" && !AllowedFor(room).Contains(other, StringComparer.Ordinal))
                yield return $"{room} uses {other}.";
        foreach (var package in uses.Where(used => !Uses.ContainsKey(used)))
        foreach (var (reserved, rooms) in Reserved)
            if (package.StartsWith(reserved, StringComparison.Ordinal) && !rooms.Contains(room, StringComparer.Ordinal))
                yield return $"{room} uses {package}, which is for {string.Join(", ", rooms)} only.";
        if (room is "Kernel" or "Contracts")
            foreach (var package in uses.Where(used => !Uses.ContainsKey(used) && !IsFramework(used)))
                yield return $"{room} uses {package}, and is to have no package.";
        if (room is "Kernel" or "Contracts")
            foreach (var web in uses.Where(used => used.StartsWith("Microsoft.", StringComparison.Ordinal)))
                yield return $"{room} uses {web}, and is to know no framework.";
    }

    static string[] AllowedFor(string room) =>
        MayUse.TryGetValue(room, out var allowed) ? allowed
        : NotServices.Contains(room, StringComparer.Ordinal) ? []
        : ServiceMayUse;

    static bool IsFramework(string assembly) =>
        assembly.StartsWith("System.", StringComparison.Ordinal)
        || assembly is "System" or "netstandard" or "mscorlib"
        || assembly.StartsWith("Microsoft.", StringComparison.Ordinal);
}
