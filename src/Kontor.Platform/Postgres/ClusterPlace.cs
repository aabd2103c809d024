using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace Kontor.Platform.Postgres;

/// <summary>Where a private cluster lies and whom its server runs as.</summary>
/// <param name="Folder">Holds the cluster, its log, its lock and, when the path is short enough, its socket.</param>
/// <param name="User">The user that the server becomes; null when this process is not root.</param>
[UnsupportedOSPlatform("windows")]
sealed record ClusterPlace(string DataFolder, string Folder, string? User)
{
    const string SystemFolder = "/var/lib/kontor";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode Enterable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Cluster => Path.Combine(Folder, "data");

    /// <summary>Written into a cluster before it gets its name; without it the cluster is somebody else's.</summary>
    public string Mark => Path.Combine(Cluster, MarkName);

    public const string MarkName = "made-by-kontor";

    public string Log => Path.Combine(Folder, "server.log");

    public string Lock => Path.Combine(Folder, "lock");

    /// <summary>The major version of the cluster that stands here, or null when there is none yet.</summary>
    public int? Version =>
        File.Exists(Path.Combine(Cluster, "PG_VERSION"))
            ? int.Parse(File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")).Trim())
            : null;

    /// <summary>Decides the place, and makes its folder with the right owner.</summary>
    public static async Task<ClusterPlace> Of(string dataFolder, CancellationToken stop)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        if (File.Exists(Path.Combine(dataFolder, "PG_VERSION")))
            throw new PostgresUnavailableException(
                $"{dataFolder} is itself a PostgreSQL cluster that Kontor did not make. Choose another data folder."
            );
        if (!Directory.Exists(dataFolder))
            Directory.CreateDirectory(dataFolder, Enterable);

        var (folder, user) = Environment.IsPrivilegedProcess
            ? await AsRoot(dataFolder, stop)
            : (Path.Combine(dataFolder, "postgres"), null);
        var place = new ClusterPlace(dataFolder, folder, user);
        await place.Prepare(stop);
        return place;
    }

    /// <summary>A place for a test's server: the folder itself, gone when the server is.</summary>
    public static async Task<ClusterPlace> Throwaway(string folder, CancellationToken stop)
    {
        var user = Environment.IsPrivilegedProcess ? await ServerUser(stop) : null;
        var place = new ClusterPlace(folder, folder, user);
        await place.Prepare(stop);
        return place;
    }

    // PostgreSQL refuses to run as root. Its user is often unable to enter a folder below root's home; then the cluster
    // lies in the system's place for such data, and a file in the data folder names it.
    static async Task<(string Folder, string User)> AsRoot(string dataFolder, CancellationToken stop)
    {
        var user = await ServerUser(stop);
        var nameplate = Path.Combine(dataFolder, PostgresAccess.Nameplate);
        if (File.Exists(nameplate))
            return (Named(await File.ReadAllTextAsync(nameplate, stop), nameplate), user);

        var inside = Path.Combine(dataFolder, "postgres");
        if (new DirectoryInfo(inside) is { Exists: true, LinkTarget: not null })
            throw new PostgresUnavailableException($"{inside} is a link; root does not follow it.");
        if (Directory.Exists(inside))
            return (inside, await OwnerOf(inside, stop) is { } owner and not "root" ? owner : user);
        if (await CanEnter(dataFolder, user, stop))
            return (inside, user);

        var outside = FreeFolder(dataFolder);
        await File.WriteAllTextAsync(nameplate, outside + "\n", stop);
        return (outside, user);
    }

    // Root gives the named folder to another user, so a file that anybody may have written names no other place.
    static string Named(string line, string nameplate)
    {
        var folder = Path.GetFullPath(line.Trim(), SystemFolder);
        return Path.GetDirectoryName(folder) == SystemFolder
            ? folder
            : throw new PostgresUnavailableException($"{nameplate} names {folder}, which is not in {SystemFolder}.");
    }

    // A cluster of the same name whose data folder is gone is left alone: its keys went with that folder.
    static string FreeFolder(string dataFolder)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..16];
        var folder = Path.Combine(SystemFolder, hash);
        for (var attempt = 2; Directory.Exists(folder); attempt++)
            folder = Path.Combine(SystemFolder, $"{hash}-{attempt}");
        return folder;
    }

    static async Task<string> ServerUser(CancellationToken stop)
    {
        foreach (var name in new[] { "postgres", "nobody" })
            if ((await ChildProcess.Try("id", ["-u", name], null, stop)).Code == 0)
                return name;
        throw new PostgresUnavailableException(
            "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody to run it as."
        );
    }

    static async Task<bool> CanEnter(string folder, string user, CancellationToken stop) =>
        (await ChildProcess.Try("/bin/sh", ["-c", "cd -- \"$1\"", "sh", folder], user, stop)).Code == 0;

    // A cluster that an ordinary user made goes on as that user's when root starts it.
    static async Task<string?> OwnerOf(string folder, CancellationToken stop)
    {
        var (code, owner) = await ChildProcess.Try("stat", ["-c", "%U", folder], null, stop);
        return code == 0 ? owner : null;
    }

    async Task Prepare(CancellationToken stop)
    {
        try
        {
            if (Path.GetDirectoryName(Folder) is { } parent && !Directory.Exists(parent))
                Directory.CreateDirectory(parent, Enterable | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            Directory.CreateDirectory(Folder, OwnerOnly);
            File.SetUnixFileMode(Folder, OwnerOnly);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PostgresUnavailableException(
                $"{Folder} belongs to another user than {Environment.UserName}. Start Kontor as that user, or choose another data folder.",
                e
            );
        }
        await Own(Folder, stop);
    }

    /// <summary>Gives a folder, never what is in it, to the server's user.</summary>
    public async Task Own(string folder, CancellationToken stop)
    {
        if (User is not null)
            await ChildProcess.Run("chown", [User, folder], null, stop);
    }
}
