using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Platform.Postgres;

/// <summary>Brings a database to what this version needs: forward only, one migration at a time, one transaction a script.</summary>
public static partial class Migrations
{
    // A schema change queues behind every reader of its table, and all later readers queue behind it. So it gives up
    // soon and comes again.
    const int MaxTries = 10;
    const string LockWait = "set lock_timeout = '3s'";

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Applies what is missing and gives the roles their rights; returns how many scripts it applied.</summary>
    /// <param name="ownerConnection">Connects as the owner of the database, who may create roles and schemas.</param>
    public static async Task<int> Apply(
        string ownerConnection,
        IReadOnlyList<ServiceSchema> services,
        ILogger log,
        CancellationToken stop
    )
    {
        RefuseSharedRoles(services);
        // Not pooled: closing the connection is what gives the lock back, whatever happened.
        var settings = new NpgsqlConnectionStringBuilder(ownerConnection) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(stop);
        await Lock(connection, stop);
        await Execute(connection, LockWait, stop);
        await Execute(connection, SchemaSql.Ledger, stop);

        var applied = 0;
        foreach (var service in services)
            applied += await Apply(connection, service, log, stop);
        return applied;
    }

    /// <summary>All of it as one text for psql, for an empty database and an operator who lets no program create roles.</summary>
    public static string Script(IReadOnlyList<ServiceSchema> services)
    {
        RefuseSharedRoles(services);
        var sql = new StringBuilder()
            .AppendLine(
                "-- Builds Kontor's schemas in an empty database: psql --set ON_ERROR_STOP=1 --file THIS DATABASE"
            )
            .AppendLine("-- The roles have no password yet: \\password kontor_catalog, and so on.")
            .AppendLine(SchemaSql.Ledger);
        foreach (var service in services)
        {
            sql.AppendLine($"\n-- {service.Name}")
                .AppendLine(SchemaSql.Room(service))
                .AppendLine(SchemaSql.Enter(service));
            foreach (var script in service.ReadScripts())
            {
                sql.AppendLine($"\n-- {script.Name}").AppendLine(script.IsInTransaction ? "begin;" : "");
                sql.AppendLine(script.Sql.TrimEnd()).AppendLine(SchemaSql.Record(service, script));
                sql.AppendLine(script.IsInTransaction ? "commit;" : "");
            }
            sql.AppendLine("\nbegin;").AppendLine(SchemaSql.Rights(service)).AppendLine("commit;");
        }
        return sql.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The scripts of this version that the database does not have yet, asked with the service's own role.</summary>
    public static async Task<IReadOnlyList<string>> Missing(
        NpgsqlDataSource database,
        ServiceSchema service,
        CancellationToken stop
    )
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var find = new NpgsqlCommand("select to_regclass('kontor.scripts') is not null", connection);
        var known = await find.ExecuteScalarAsync(stop) is true ? await Recorded(connection, service, stop) : [];
        return [.. service.ReadScripts().Select(script => script.Name).Where(name => !known.ContainsKey(name))];
    }

    static void RefuseSharedRoles(IReadOnlyList<ServiceSchema> services)
    {
        if (services.GroupBy(s => s.Role, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } shared)
            throw new PostgresUnavailableException(
                $"The services {string.Join(" and ", shared)} are to share the role {shared.Key}; each needs its own."
            );
    }

    // Tried again and again rather than waited for: a waiting statement holds a snapshot, and an index that the holder
    // builds concurrently would wait for that snapshot to end.
    static async Task Lock(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var take = new NpgsqlCommand(
            "select pg_try_advisory_lock(hashtextextended('kontor.migrations', 0))",
            connection
        );
        while (await take.ExecuteScalarAsync(stop) is not true)
            await Task.Delay(Pause, stop);
    }

    static async Task<int> Apply(
        NpgsqlConnection connection,
        ServiceSchema service,
        ILogger log,
        CancellationToken stop
    )
    {
        await Execute(connection, SchemaSql.Room(service), stop);
        if (service.Password is { } password)
            await Execute(connection, SchemaSql.Password(service.Role, ScramVerifier.Of(password)), stop);
        await Execute(connection, SchemaSql.Enter(service), stop);

        var done = await Recorded(connection, service, stop);
        var applied = 0;
        foreach (var script in service.ReadScripts())
        {
            if (done.TryGetValue(script.Name, out var sha256))
            {
                if (sha256 != script.Sha256)
                    throw new ScriptChangedException(service.Name, script.Name);
                continue;
            }
            await Retry(() => Apply(connection, service, script, stop), script.IsInTransaction, stop);
            LogApplied(log, service.Name, script.Name);
            applied++;
        }
        await Retry(() => ExecuteWhole(connection, [SchemaSql.Rights(service)], stop), mayRepeat: true, stop);
        return applied;
    }

    static async Task Apply(
        NpgsqlConnection connection,
        ServiceSchema service,
        SchemaScript script,
        CancellationToken stop
    )
    {
        string[] statements = [.. script.Statements, SchemaSql.Record(service, script)];
        if (script.IsInTransaction)
            await ExecuteWhole(connection, statements, stop);
        else
            foreach (var statement in statements)
                await Execute(connection, statement, stop);
    }

    static async Task Retry(Func<Task> apply, bool mayRepeat, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await apply();
                return;
            }
            catch (PostgresException e)
                when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
                    && mayRepeat
                    && attempt < MaxTries
                )
            {
                await Task.Delay(Pause * attempt, stop);
            }
    }

    static async Task ExecuteWhole(NpgsqlConnection connection, IEnumerable<string> statements, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        foreach (var statement in statements)
            await Execute(connection, statement, stop);
        await transaction.CommitAsync(CancellationToken.None);
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    static async Task<Dictionary<string, string>> Recorded(
        NpgsqlConnection connection,
        ServiceSchema service,
        CancellationToken stop
    )
    {
        await using var command = new NpgsqlCommand(
            "select name, sha256 from kontor.scripts where service = $1",
            connection
        )
        {
            Parameters = { new() { Value = service.Name } },
        };
        var recorded = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            recorded.Add(reader.GetString(0), reader.GetString(1));
        return recorded;
    }

    [LoggerMessage(2010, LogLevel.Information, "Applied {Script} to {Service}")]
    static partial void LogApplied(ILogger log, string service, string script);
}

/// <summary>A script was edited after it had been applied: what stands in the database is not what the file says.</summary>
public sealed class ScriptChangedException(string service, string script)
    : Exception($"{script} was changed after it was applied to {service}. Put it back, and write a new script.");
