using System.Data;
using System.Globalization;
using Npgsql;

namespace Kontor.Journal;

/// <summary>The claim of one connection to a role's lease row. A new connection is a new claim with a new epoch.</summary>
/// <remarks>
/// The row holds the holder, an epoch that only rises, the expiry by the database's clock, and the holder's backend. A
/// claim is taken when the lease has expired or its backend is gone: 1. the row is read without a lock; 2. the old
/// backend is ended, so that nothing of it is still in flight; 3. the epoch is raised by compare-and-set, together with
/// whatever the role must raise with it. Contenders share one database role, or they could neither see nor end each
/// other. Locks: the lease row, for the moment of 3.
/// </remarks>
sealed class Lease(NpgsqlConnection connection, string role)
{
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ContendEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Who holds a lease: the machine and the process.</summary>
    public static readonly string Holder = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.MachineName}:{Environment.ProcessId}"
    );

    const string Free = """
        (expires < clock_timestamp() or pid = pg_backend_pid() or not exists (
            select from pg_stat_activity a where a.pid = leases.pid and a.backend_start = leases.backend_start))
        """;

    long renewed;

    public NpgsqlConnection Connection => connection;

    public long Epoch { get; private set; }

    public bool IsDue => TimeProvider.System.GetElapsedTime(renewed) >= RenewEvery;

    /// <summary>Takes the lease if it is free.</summary>
    /// <param name="along">What is done in the same transaction, with the new epoch.</param>
    public async Task<bool> Take(Func<NpgsqlTransaction, long, Task>? along, CancellationToken stop)
    {
        if (await Look(stop) is not { } seen)
            return false;
        if (seen.Pid is { } pid && seen.BackendStart is { } start)
            await EndBackend(pid, start, stop);

        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var take = new NpgsqlCommand(
            $"""
            update leases set holder = $2, epoch = epoch + 1, expires = clock_timestamp() + interval '3 s',
                pid = pg_backend_pid(),
                backend_start = (select backend_start from pg_stat_activity where pid = pg_backend_pid())
            where role = $1 and epoch = $3 and {Free}
            """,
            connection,
            transaction
        )
        {
            Parameters =
            {
                new() { Value = role },
                new() { Value = Holder },
                new() { Value = seen.Epoch },
            },
        };
        if (await take.ExecuteNonQueryAsync(stop) != 1)
            return false;
        if (along is not null)
            await along(transaction, seen.Epoch + 1);
        await transaction.CommitAsync(stop);
        Epoch = seen.Epoch + 1;
        renewed = TimeProvider.System.GetTimestamp();
        return true;
    }

    /// <summary>Renews the lease; false when another holder has it.</summary>
    public async Task<bool> Renew(CancellationToken stop)
    {
        await using var renew = new NpgsqlCommand(
            "update leases set expires = clock_timestamp() + interval '3 s' where role = $1 and epoch = $2",
            connection
        )
        {
            Parameters =
            {
                new() { Value = role },
                new() { Value = Epoch },
            },
        };
        if (await renew.ExecuteNonQueryAsync(stop) != 1)
            return false;
        renewed = TimeProvider.System.GetTimestamp();
        return true;
    }

    /// <summary>Gives the lease up, so that the next holder need not wait for its expiry.</summary>
    /// <remarks>It forgets the backend too: the connection goes back to a pool, and the next holder would end it under
    /// whoever has it then.</remarks>
    public async Task Release()
    {
        if (connection.FullState != ConnectionState.Open)
            return;
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await using var release = new NpgsqlCommand(
            "update leases set expires = '-infinity', pid = null, backend_start = null where role = $1 and epoch = $2",
            connection
        )
        {
            Parameters =
            {
                new() { Value = role },
                new() { Value = Epoch },
            },
        };
        try
        {
            await release.ExecuteNonQueryAsync(soon.Token);
        }
        catch (Exception broken) when (broken is NpgsqlException or OperationCanceledException)
        {
            // The lease expires by itself.
        }
    }

    public static async Task EnsureRole(NpgsqlConnection connection, string role, CancellationToken stop)
    {
        await using var add = new NpgsqlCommand(
            "insert into leases (role) values ($1) on conflict do nothing",
            connection
        )
        {
            Parameters = { new() { Value = role } },
        };
        await add.ExecuteNonQueryAsync(stop);
    }

    async Task<(long Epoch, int? Pid, DateTime? BackendStart)?> Look(CancellationToken stop)
    {
        await using var look = new NpgsqlCommand(
            $"select epoch, pid, backend_start from leases where role = $1 and {Free}",
            connection
        )
        {
            Parameters = { new() { Value = role } },
        };
        await using var reader = await look.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        return reader.IsDBNull(1)
            ? (reader.GetInt64(0), null, null)
            : (reader.GetInt64(0), reader.GetInt32(1), reader.GetDateTime(2));
    }

    async Task EndBackend(int pid, DateTime start, CancellationToken stop)
    {
        // A connection that went back to the pool may be this very one: nothing of it is in flight.
        await using var end = new NpgsqlCommand(
            """
            select pg_terminate_backend(pid, 2000) from pg_stat_activity
            where pid = $1 and backend_start = $2 and pid <> pg_backend_pid()
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = pid },
                new() { Value = start },
            },
        };
        await end.ExecuteNonQueryAsync(stop);
    }
}
