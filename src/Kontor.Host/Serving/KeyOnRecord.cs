using Kontor.Platform.Encryption;
using Kontor.Platform.Postgres;
using Npgsql;

namespace Kontor.Host.Serving;

/// <summary>The databases remember the name of the master key that their data is under: a process with another one, or
/// with one made up because the file was lost, would split the data between two keys.</summary>
static class KeyOnRecord
{
    /// <summary>The name on record; null where no process has served yet.</summary>
    public static async Task<string?> Find(
        PostgresAccess postgres,
        IReadOnlyList<string> services,
        CancellationToken stop
    )
    {
        foreach (var service in services)
        {
            await using var find = postgres.Source(service).CreateCommand("select id from master_key");
            if (await find.ExecuteScalarAsync(stop) is string name)
                return name;
        }
        return null;
    }

    /// <summary>Puts the key on record where none is, and refuses one that is not the one on record.</summary>
    /// <exception cref="KeyUnavailableException">The data is under another key.</exception>
    public static async Task Hold(
        PostgresAccess postgres,
        IReadOnlyList<string> services,
        string name,
        CancellationToken stop
    )
    {
        foreach (var service in services)
        {
            await using var batch = postgres.Source(service).CreateBatch();
            batch.BatchCommands.Add(
                new("insert into master_key (id) values ($1) on conflict do nothing")
                {
                    Parameters = { new NpgsqlParameter { Value = name } },
                }
            );
            batch.BatchCommands.Add(new("select id from master_key"));
            if (await batch.ExecuteScalarAsync(stop) is string known && known != name)
                throw Other(known, $"this process has {name}");
        }
    }

    public static KeyUnavailableException Other(string known, string here) =>
        new(
            $"The data is under the master key {known} (the first 16 digits of its file's SHA-256), and {here}: restore that file "
                + "from your backup, or name it in Encryption:MasterKeyFile."
        );
}
