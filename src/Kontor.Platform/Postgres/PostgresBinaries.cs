using System.Globalization;

namespace Kontor.Platform.Postgres;

/// <summary>The server programs of one PostgreSQL found on this machine.</summary>
/// <param name="Version">The major version: 15.</param>
public sealed record PostgresBinaries(string Folder, int Version)
{
    public const int OldestVersion = 15;

    public const string HowToInstall =
        "Install PostgreSQL 15 or newer (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; "
        + "macOS: brew install postgresql), or name the folder of its server programs in KONTOR_POSTGRES_BIN.";

    static readonly string[] Needed = ["postgres", "initdb", "pg_ctl"];

    public string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>The newest server programs on this machine, or those of one major version; null when there are none.</summary>
    /// <param name="configured">The only folder looked at, when given; KONTOR_POSTGRES_BIN likewise.</param>
    /// <param name="version">The major version that an existing cluster needs.</param>
    public static async Task<PostgresBinaries?> Find(string? configured, int? version, CancellationToken stop)
    {
        foreach (var folder in Candidates(configured).Distinct(StringComparer.Ordinal).Where(HasAllPrograms))
        {
            var found = await VersionOf(folder, stop);
            if (found >= OldestVersion && (version is null || version == found))
                return new(folder, found.Value);
        }
        return null;
    }

    // A folder that was named on purpose is the only one: a typing error must not start another server version.
    static IEnumerable<string> Candidates(string? configured) =>
        (configured ?? Environment.GetEnvironmentVariable("KONTOR_POSTGRES_BIN")) is { Length: > 0 } named
            ? [named]
            :
            [
                .. Versioned("/usr/lib/postgresql", "*"),
                .. Versioned("/usr", "pgsql-*"),
                .. Versioned("/opt/homebrew/opt", "postgresql*"),
                .. Versioned("/usr/local/opt", "postgresql*"),
                .. Versioned("/home/linuxbrew/.linuxbrew/opt", "postgresql*"),
                .. Versioned("/Applications/Postgres.app/Contents/Versions", "*"),
                .. OnPath(),
            ];

    static IEnumerable<string> Versioned(string root, string pattern) =>
        Directory.Exists(root)
            ? Directory
                .GetDirectories(root, pattern)
                .OrderByDescending(NumberIn)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];

    static decimal NumberIn(string folder)
    {
        var digits = string.Concat(Path.GetFileName(folder).Where(c => char.IsAsciiDigit(c) || c == '.'));
        return decimal.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    // Debian puts links to some programs on the path; the others lie beside the link's target.
    static IEnumerable<string> OnPath()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        foreach (var folder in folders)
        {
            yield return folder;
            var target = new FileInfo(Path.Combine(folder, "initdb")) is { Exists: true } link
                ? link.ResolveLinkTarget(returnFinalTarget: true)
                : null;
            if (Path.GetDirectoryName(target?.FullName) is { } home)
                yield return home;
        }
    }

    static bool HasAllPrograms(string folder) => Needed.All(name => File.Exists(Path.Combine(folder, name)));

    // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    static async Task<int?> VersionOf(string folder, CancellationToken stop)
    {
        var (code, output) = await ChildProcess.Try(Path.Combine(folder, "postgres"), ["--version"], null, stop);
        var words = output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return code == 0 && words.Length > 2 && int.TryParse(words[2].Split('.')[0].Trim(), out var major)
            ? major
            : null;
    }
}
