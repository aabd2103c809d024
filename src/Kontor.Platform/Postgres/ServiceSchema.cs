using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Kontor.Journal;

namespace Kontor.Platform.Postgres;

/// <summary>One service's schema: its name, the role that works in it, and the assemblies whose scripts build it.</summary>
/// <param name="Scripts">In this order; each carries its scripts as <c>Assembly.Schema.NNNN-what.sql</c>.</param>
public sealed record ServiceSchema(string Name, IReadOnlyList<Assembly> Scripts)
{
    /// <summary>The schema of a service: the journal's tables first, then the platform's, then its own.</summary>
    public static ServiceSchema Of(string name, Assembly service) =>
        new(name, [typeof(EventJournal).Assembly, typeof(ServiceSchema).Assembly, service]);

    public string Role { get; init; } = RoleOf(Name);

    /// <summary>Given to the role by a migration; null leaves the one it has.</summary>
    public string? Password { get; init; }

    public static string RoleOf(string service) => $"kontor_{service}";

    // The generated text would show the password.
    public override string ToString() => Name;

    internal IEnumerable<SchemaScript> ReadScripts() => Scripts.SelectMany(SchemaScript.In);
}

/// <summary>One forward-only script. Its first line <c>-- no transaction</c> lets it build an index concurrently.</summary>
sealed record SchemaScript(string Name, string Sql)
{
    const string OutsideTransaction = "-- no transaction";

    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public bool IsInTransaction => !Sql.StartsWith(OutsideTransaction, StringComparison.Ordinal);

    /// <summary>What is sent at a time. Outside a transaction that is one statement, which ends a line with its semicolon.</summary>
    public IEnumerable<string> Statements =>
        IsInTransaction
            ? [Sql]
            : Sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static IEnumerable<SchemaScript> In(Assembly assembly)
    {
        var prefix = $"{assembly.GetName().Name}.Schema.";
        return assembly
            .GetManifestResourceNames()
            .Where(name =>
                name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name));
    }

    static SchemaScript Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name);
        using var reader = new StreamReader(stream ?? throw new InvalidOperationException($"{name} is not there."));
        return new(name, reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
