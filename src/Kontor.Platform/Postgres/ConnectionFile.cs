using System.Text.Json;

namespace Kontor.Platform.Postgres;

/// <summary>Whether a process serves, or runs one command and ends.</summary>
public enum PostgresUse
{
    Serve,
    Command,
}

/// <summary>Tells other processes of the same user how to reach the cluster that is running now: a file of mode 0600 in
/// the data folder, there while the owner runs (and after the owner was killed, until somebody takes its place).</summary>
sealed record ConnectionFile(int Process, PostgresUse Use, string Connection)
{
    const string Name = "connection.json";

    public static async Task<ConnectionFile?> Read(string dataFolder, CancellationToken stop)
    {
        try
        {
            var text = await File.ReadAllTextAsync(Path.Combine(dataFolder, Name), stop);
            return JsonSerializer.Deserialize<ConnectionFile>(text);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PostgresUnavailableException(
                $"{dataFolder} is served by another user; {Environment.UserName} may not attach to it.",
                e
            );
        }
    }

    /// <summary>Written beside and renamed, so that nobody reads half of it.</summary>
    public async Task Write(string dataFolder)
    {
        var path = Path.Combine(dataFolder, Name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(path + ".new");
        await using (var file = new FileStream(path + ".new", options))
            await JsonSerializer.SerializeAsync(file, this);
        File.Move(path + ".new", path, overwrite: true);
    }

    public static void Withdraw(string dataFolder) => File.Delete(Path.Combine(dataFolder, Name));
}
