using System.Text;
using Npgsql;

namespace Kontor.Bench.Rig;

/// <summary>What a shop's sessions ask of PostgreSQL, written down by PostgreSQL itself.</summary>
static class StatementLog
{
    // Sessions read the new setting between two statements, after the server was told to.
    static readonly TimeSpan Reload = TimeSpan.FromMilliseconds(500);

    public const string Reset = "SET SESSION AUTHORIZATION DEFAULT";

    /// <summary>What sequencers, wires, timers and readers of the journal do on their own, whoever checks out, and what the
    /// provider's callback asks for behind it.</summary>
    static readonly string[] Background =
    [
        "set_config('jit'",
        "from (select incarnation from incarnations",
        "notify ",
        "select head, mark, incarnation from head",
        "synchronous_commit",
        "update subscriptions set",
        " from parked",
        "where state = 'held' and expires_at",
        "where due_at <=",
        "update reservations set state = 'committed'",
        "select state from reservations",
        "select 1 from checkouts",
        "select contact, payment_token",
        "from journal j where stream = $1 and version >",
        "erased_at >",
    ];

    /// <summary>Every statement run meanwhile, BEGIN and COMMIT too, but for what runs in the background.</summary>
    public static async Task<IReadOnlyList<string>> Record(Shop shop, Func<Task> what, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(shop.Owner) { Pooling = false };
        await using var owner = new NpgsqlConnection(settings.ConnectionString);
        await owner.OpenAsync(stop);
        var log = Path.Combine(
            Path.GetDirectoryName((string)await Ask(owner, "show data_directory", stop))!,
            "server.log"
        );
        var others = (int[])
            await Ask(
                owner,
                """
                select array_agg(pid) || pg_backend_pid() from (
                    select pid from catalog.leases union select pid from ordering.leases union select pid from identity.leases
                ) l where pid is not null
                """,
                stop
            );
        await Ask(owner, "alter system set log_statement = 'all'", stop);
        try
        {
            await Ask(owner, "select pg_reload_conf()", stop);
            await Task.Delay(Reload, stop);
            var from = new FileInfo(log).Length;
            await what();
            await Task.Delay(Reload, stop);
            return
            [
                .. Foreground(Entries(await Tail(log, from, stop)).Where(entry => !others.Contains(entry.Session))),
            ];
        }
        finally
        {
            await Ask(owner, "alter system reset log_statement", CancellationToken.None);
            await Ask(owner, "select pg_reload_conf()", CancellationToken.None);
        }
    }

    static async Task<object> Ask(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(stop) ?? DBNull.Value;
    }

    static async Task<string> Tail(string file, long from, CancellationToken stop)
    {
        await using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = from;
        using var reader = new StreamReader(log, Encoding.UTF8);
        return await reader.ReadToEndAsync(stop);
    }

    /// <summary>An entry begins "time [session] application LOG:  execute name: …"; its further lines begin with a tab.</summary>
    static IEnumerable<(int Session, string Statement)> Entries(string log)
    {
        foreach (var entry in log.Replace("\n\t", " ", StringComparison.Ordinal).Split('\n'))
        {
            var (open, close) = (
                entry.IndexOf('[', StringComparison.Ordinal),
                entry.IndexOf(']', StringComparison.Ordinal)
            );
            var level = entry.IndexOf(" LOG:  ", StringComparison.Ordinal);
            if (level < 0 || close < open || !int.TryParse(entry.AsSpan(open + 1, close - open - 1), out var session))
                continue;
            var said = entry[(level + 7)..];
            var colon = said.IndexOf(": ", StringComparison.Ordinal);
            if (
                said.StartsWith("statement: ", StringComparison.Ordinal)
                || said.StartsWith("execute ", StringComparison.Ordinal)
            )
                yield return (session, $"{entry[(close + 1)..level].Trim()}  {Words(said[(colon + 2)..])}");
        }
    }

    /// <summary>A transaction counts where one of its statements does; a reset of a pooled connection belongs to what
    /// follows it.</summary>
    static IEnumerable<string> Foreground(IEnumerable<(int Session, string Statement)> entries)
    {
        var waiting = new Dictionary<int, List<string>>();
        foreach (var (session, statement) in entries)
        {
            var before = waiting.GetValueOrDefault(session) ?? [];
            if (statement.Contains(Reset, StringComparison.Ordinal))
                waiting[session] = [statement];
            else if (statement.Contains("BEGIN TRANSACTION", StringComparison.Ordinal))
                waiting[session] = [.. before, statement];
            else if (Background.Any(words => statement.Contains(words, StringComparison.Ordinal)))
                continue;
            else if (before.Count == 0 || !statement.EndsWith("commit", StringComparison.OrdinalIgnoreCase))
            {
                waiting.Remove(session);
                foreach (var counted in before)
                    yield return counted;
                yield return statement;
            }
            else
                waiting.Remove(session);
        }
    }

    static string Words(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
