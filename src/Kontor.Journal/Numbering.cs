using Npgsql;
using NpgsqlTypes;

namespace Kontor.Journal;

/// <summary>Another leader has taken over, or this one can no longer be sure that none has.</summary>
sealed class DeposedException() : Exception("The sequencer no longer leads.");

/// <summary>What one look found: ids to number, in insertion order, and what the look was true for.</summary>
/// <param name="Last">Insertion id last drawn before the look; 0 while none was.</param>
/// <param name="Horizon">Every transaction with a smaller xid had ended before the rows were read.</param>
/// <param name="Rows">Rows seen above the highest id seen before, numbered or not.</param>
/// <param name="Oldest">When the oldest row without a number says that it happened.</param>
sealed record Found(long Last, long Horizon, List<long> Ids, List<long> Rows, DateTime? Oldest);

/// <summary>Gives sequences to committed rows, on one connection under one epoch.</summary>
/// <remarks>
/// Each pass: 1. <see cref="Find"/> reads the identity L, then the snapshot's horizon, then the rows. 2.
/// <see cref="Write"/> moves the head (one row, only while the epoch is ours) and numbers the rows (only those without
/// a number; a commit may be in doubt), in one transaction. 3. <see cref="Commit"/>. Any surprise is
/// <see cref="DeposedException"/>: the connection is dropped and leadership is contended for anew.
///
/// The mark is an insertion id at or below which everything is numbered or was rolled back. A transaction that drew an
/// id at or below L owned its xid before (appends move their stream first), so that xid is below X, which the numbering
/// transaction drew after L was read. Once the horizon has reached X, all those have ended, and the next look that is
/// whole up to L, numbered, makes L the mark. The snapshot's xmax in place of X would lose events: it is the latest
/// *completed* xid + 1, and an open append may lie above it.
///
/// A long writing transaction anywhere in the cluster holds the horizon, and with it the mark. So a look reads only
/// above the highest id seen, plus the ids that were missing below it (gaps: not yet committed, or rolled back), in one
/// snapshot, so that cause still comes before effect. Above <see cref="MaxGaps"/> it reads all unnumbered above the mark.
/// </remarks>
sealed class Numbering(NpgsqlConnection connection, long epoch, HeadRow head)
{
    public const int BatchSize = 1000;
    public const int MaxGaps = 1000;

    readonly SortedSet<long> gaps = [];
    HeadRow head = head;
    long seen = head.Mark;
    bool isWide;
    (long Last, long Xid)? pending;

    public long Head => head.Head;

    public long Mark => head.Mark;

    public int Gaps => gaps.Count;

    /// <summary>True while more gaps are open than are remembered, and every look goes from the mark.</summary>
    public bool IsWide => isWide;

    /// <summary>Numbers what one look finds.</summary>
    /// <returns>How many were numbered, and whether there was more than one look takes.</returns>
    public async Task<(int Numbered, bool More, DateTime? Oldest)> Pass(CancellationToken stop)
    {
        var found = await Find(stop);
        if (await Write(found, stop) is { } written)
            await Commit(written, found, stop);
        else
            Remember(found);
        return (found.Ids.Count, found.Rows.Count >= BatchSize, found.Oldest);
    }

    internal const string LastSql = "select case when is_called then last_value else 0 end from journal_id_seq";

    internal const string NearSql = """
        select id, sequence is null, time from journal where id = any($1) and sequence is null
        union all
        (select id, sequence is null, time from journal where id > $2 order by id limit $3)
        """;

    internal const string WideSql = """
        select id, true, time from journal where id > $1 and sequence is null order by id limit $2
        """;

    public async Task<Found> Find(CancellationToken stop)
    {
        await using var look = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(LastSql),
                new("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),
                isWide ? Wide() : Near(),
            },
        };
        await using var reader = await look.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var last = reader.GetInt64(0);
        await reader.NextResultAsync(stop);
        await reader.ReadAsync(stop);
        var horizon = reader.GetInt64(0);
        await reader.NextResultAsync(stop);

        List<long> ids = [];
        List<long> rows = [];
        DateTime? oldest = null;
        while (await reader.ReadAsync(stop))
        {
            var id = reader.GetInt64(0);
            if (isWide || id > seen)
                rows.Add(id);
            if (!reader.GetBoolean(1))
                continue;
            ids.Add(id);
            oldest ??= reader.GetDateTime(2);
        }
        // The gaps come in the index's order, which is theirs; they all lie below the rows.
        ids.Sort();
        return new(last, horizon, ids, rows, oldest);
    }

    /// <summary>Writes head, mark and sequences; null when there is nothing to write.</summary>
    public async Task<Written?> Write(Found found, CancellationToken stop)
    {
        var isWhole = found.Rows.Count < BatchSize || (pending is { } wanted && found.Rows[^1] >= wanted.Last);
        var mark = pending is { } due && found.Horizon >= due.Xid && isWhole ? due.Last : head.Mark;
        var wantsXid = pending is null && found.Last > head.Mark;
        if (found.Ids.Count == 0 && mark == head.Mark && !wantsXid)
            return null;

        var transaction = await connection.BeginTransactionAsync(stop);
        await using var write = new NpgsqlBatch(connection, transaction);
        write.BatchCommands.Add(MoveHead(found.Ids.Count, mark));
        if (found.Ids.Count > 0)
            write.BatchCommands.Add(NumberRows(found.Ids));
        await using var reader = await write.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            throw new DeposedException();
        var moved = new HeadRow(reader.GetFieldValue<NpgsqlTid>(0), head.Head + found.Ids.Count, mark);
        var xid = reader.GetInt64(1);
        await reader.NextResultAsync(stop);
        await reader.CloseAsync();
        if (found.Ids.Count > 0 && write.BatchCommands[1].RecordsAffected != found.Ids.Count)
            throw new DeposedException();
        return new(transaction, moved, xid);
    }

    public async Task Commit(Written written, Found found, CancellationToken stop)
    {
        await using (written.Transaction)
            await written.Transaction.CommitAsync(stop);
        if (written.Head.Mark != head.Mark)
            pending = null;
        head = written.Head;
        if (pending is null && found.Last > head.Mark)
            pending = (found.Last, written.Xid);
        Remember(found);
    }

    /// <summary>Keeps the invariant: an id above the mark and not above <c>seen</c> is numbered or a gap.</summary>
    void Remember(Found found)
    {
        var wasWide = isWide;
        gaps.ExceptWith(found.Ids);
        gaps.RemoveWhere(id => id <= head.Mark);
        if (seen < head.Mark)
            (isWide, seen) = (false, head.Mark);
        // A wide look shows unnumbered rows only: what it does not show may be numbered, and is no gap.
        if (wasWide)
            return;

        var rows = found.Rows.FindAll(id => id > seen);
        // Counted first: a jump of the identity must not be walked through id by id.
        if (rows.Count > 0 && rows[^1] - seen - rows.Count + gaps.Count > MaxGaps)
        {
            isWide = true;
            gaps.Clear();
            seen = head.Mark;
            return;
        }
        foreach (var id in rows)
            while (++seen < id)
                gaps.Add(seen);
    }

    internal NpgsqlBatchCommand Near() =>
        new(NearSql)
        {
            Parameters =
            {
                new() { Value = gaps.ToArray() },
                new() { Value = seen },
                new() { Value = BatchSize },
            },
        };

    NpgsqlBatchCommand Wide() =>
        new(WideSql)
        {
            Parameters =
            {
                new() { Value = head.Mark },
                new() { Value = BatchSize },
            },
        };

    /// <summary>By the row's own address: under a long snapshot its dead versions pile up, and a search would walk them all.</summary>
    internal NpgsqlBatchCommand MoveHead(long count, long mark) =>
        new(
            """
            update head set head = head + $1, mark = $2 where ctid = $3 and epoch = $4 and head = $5
            returning ctid, pg_current_xact_id()::text::bigint
            """
        )
        {
            Parameters =
            {
                new() { Value = count },
                new() { Value = mark },
                new() { Value = head.Address, NpgsqlDbType = NpgsqlDbType.Tid },
                new() { Value = epoch },
                new() { Value = head.Head },
            },
        };

    /// <summary><c>coalesce</c>, so that the partial index of unnumbered rows cannot be chosen: by primary key it stays
    /// as fast under a long snapshot.</summary>
    NpgsqlBatchCommand NumberRows(List<long> ids) =>
        new(
            """
            update journal j set sequence = $1 + k.place
            from unnest($2::bigint[]) with ordinality as k(id, place)
            where j.id = k.id and coalesce(j.sequence, 0) = 0
            """
        )
        {
            Parameters =
            {
                new() { Value = head.Head },
                new() { Value = ids.ToArray() },
            },
        };
}

/// <summary>The head row as this leader last wrote it; nobody else writes it while the epoch stands.</summary>
sealed record HeadRow(NpgsqlTid Address, long Head, long Mark);

/// <summary>A numbering that is written and not yet committed.</summary>
sealed record Written(NpgsqlTransaction Transaction, HeadRow Head, long Xid);
