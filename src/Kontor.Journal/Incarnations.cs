using System.Security.Cryptography;
using Npgsql;

namespace Kontor.Journal;

/// <summary>One life of the journal. A restore or a lossy failover begins a new one.</summary>
/// <param name="Fork">The last sequence shared with the life before it.</param>
public sealed record Incarnation(int Ordinal, string Name, long Fork);

/// <summary>Compares the server with the one that the journal was last numbered on, and begins a new incarnation when
/// it is another.</summary>
static class Incarnations
{
    /// <summary>The server and its timeline; both functions are open to every role. The timeline is the one being
    /// written now: the control file's lags behind a promotion until the next checkpoint.</summary>
    const string Server = """
        select s.system_identifier::text,
               ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
        from pg_control_system() s
        """;

    /// <summary>Begins a new incarnation at the head found; the caller holds the head row's lock or is alone.</summary>
    public static async Task<Incarnation> Begin(NpgsqlTransaction transaction, CancellationToken stop)
    {
        var name = RandomNumberGenerator.GetHexString(8, lowercase: true);
        await using var begin = new NpgsqlCommand(
            """
            with begun as (
                update head set incarnation = $1 returning head
            )
            insert into incarnations (ordinal, incarnation, fork)
            select (select max(ordinal) + 1 from incarnations), $1, head from begun
            returning ordinal, fork
            """,
            transaction.Connection,
            transaction
        )
        {
            Parameters = { new() { Value = name } },
        };
        await using var reader = await begin.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new(reader.GetInt32(0), name, reader.GetInt64(1));
    }

    /// <summary>Writes down the server's identity; where it was another before, begins a new incarnation.</summary>
    public static async Task<Incarnation?> Recognise(NpgsqlTransaction transaction, CancellationToken stop)
    {
        await using var compare = new NpgsqlCommand(
            $"""
            with server(system_identifier, timeline) as ({Server}), before as (
                select system_identifier from head
            )
            update head set system_identifier = server.system_identifier, timeline = server.timeline
            from server, before
            where (head.system_identifier, head.timeline) <> (server.system_identifier, server.timeline)
            returning before.system_identifier <> ''
            """,
            transaction.Connection,
            transaction
        );
        return await compare.ExecuteScalarAsync(stop) is true ? await Begin(transaction, stop) : null;
    }

    public static async Task<IReadOnlyList<Incarnation>> All(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var all = new NpgsqlCommand(
            "select ordinal, incarnation, fork from incarnations order by ordinal",
            connection
        );
        await using var reader = await all.ExecuteReaderAsync(stop);
        var lives = new List<Incarnation>();
        while (await reader.ReadAsync(stop))
            lives.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2)));
        return lives;
    }
}
