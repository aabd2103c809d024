using Kontor.Contracts.Catalog;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Stock;

/// <summary>Holds stock for attempts to buy, and gives it back.</summary>
/// <remarks>
/// The check and the taking are one transaction: 1. the reservation's row is inserted, or found standing (a repeat) or
/// released (too late). 2. The stock rows are locked in (variant, location) order, so that two demands never wait for
/// each other in a ring. 3. All lines are granted or none. The constraint no_oversell stands behind it.
/// </remarks>
static class Reservations
{
    public static async Task<ReservationOutcome> Reserve(
        CatalogDatabase database,
        Reservation wanted,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var demand = wanted
            .Lines.GroupBy(line => line.Sku, StringComparer.Ordinal)
            .ToDictionary(sku => sku.Key, sku => sku.Sum(line => (long)line.Quantity), StringComparer.Ordinal);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        if (await Begin(work, wanted.Id, clock, stop) is { } standing)
            return standing;

        var rows = await LockRows(work, [.. demand.Keys], stop);
        if (!Decide(demand, rows).Is(out var taken, out var missing))
            return new ReservationOutcome(false, missing);
        await Take(work, wanted.Id, taken, stop);
        foreach (var (row, quantity) in taken)
            StockLevel.Changed(
                work,
                row.Sku,
                row.Location,
                row.Level,
                row.Level with
                {
                    Reserved = row.Level.Reserved + quantity,
                },
                "reserved"
            );
        await work.Append(stop);
        await work.Commit();
        return new ReservationOutcome(true, []);
    }

    public static async Task Release(CatalogDatabase database, Guid id, TimeProvider clock, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        await using var end = work.Command(
            """
            insert into reservations (id, state, created_at, ended_at) values ($1, 'released', $2, $2)
            on conflict (id) do update set state = 'released', ended_at = $2 where reservations.state = 'held'
            """,
            id,
            clock.GetUtcNow()
        );
        if (await end.ExecuteNonQueryAsync(stop) == 1)
            await GiveBack(work, id, stop); // An unknown one has no lines.
        await work.Append(stop);
        await work.Commit();
    }

    /// <summary>The rule: which rows give how much, or the SKUs that fall short. A line is taken from one location.</summary>
    internal static Grant Decide(IReadOnlyDictionary<string, long> demand, IReadOnlyList<StockRow> rows)
    {
        var taken = new List<(StockRow Row, long Quantity)>();
        var missing = new List<string>();
        foreach (var (sku, quantity) in demand.OrderBy(wanted => wanted.Key, StringComparer.Ordinal))
            if (rows.FirstOrDefault(row => row.Sku == sku && row.Level.Available >= quantity) is { } row)
                taken.Add((row, quantity));
            else
                missing.Add(sku);
        return new Grant(taken, missing);
    }

    /// <summary>Inserts the reservation; null when it is new, else how it already stands.</summary>
    static async Task<ReservationOutcome?> Begin(Work work, Guid id, TimeProvider clock, CancellationToken stop)
    {
        await using var begin = work.Batch();
        begin.Add(
            "insert into reservations (id, state, created_at) values ($1, 'held', $2) on conflict do nothing",
            id,
            clock.GetUtcNow()
        );
        begin.Add("select state from reservations where id = $1", id);
        var state = (string?)await begin.ExecuteScalarAsync(stop);
        return begin.BatchCommands[0].RecordsAffected == 1
            ? null
            : new ReservationOutcome(state == "held", [], Released: state == "released");
    }

    static async Task<IReadOnlyList<StockRow>> LockRows(Work work, string[] skus, CancellationToken stop)
    {
        await using var find = work.Command(
            """
            select v.id, v.sku, s.location, s.on_hand, s.reserved, s.backorder_limit
            from variants v join stock s on s.variant = v.id
            where v.sku = any($1) order by s.variant, s.location for update of s
            """,
            (object)skus
        );
        var rows = new List<StockRow>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(
                new(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    new(reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))
                )
            );
        return rows;
    }

    static async Task Take(
        Work work,
        Guid id,
        IReadOnlyList<(StockRow Row, long Quantity)> taken,
        CancellationToken stop
    )
    {
        await using var take = work.Command(
            """
            with wanted as (
                select * from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[]) w(variant, location, sku, quantity)
            ), lines as (
                insert into reservation_lines (reservation, variant, location, sku, quantity)
                select $1, variant, location, sku, quantity from wanted
            )
            update stock s set reserved = s.reserved + w.quantity from wanted w
            where s.variant = w.variant and s.location = w.location
            """,
            id,
            taken.Select(line => line.Row.Variant).ToArray(),
            taken.Select(line => line.Row.Location).ToArray(),
            taken.Select(line => line.Row.Sku).ToArray(),
            taken.Select(line => line.Quantity).ToArray()
        );
        await take.ExecuteNonQueryAsync(stop);
    }

    static async Task GiveBack(Work work, Guid id, CancellationToken stop)
    {
        await using var give = work.Command(
            """
            with locked as (
                select s.variant, s.location, l.sku, l.quantity from reservation_lines l
                join stock s on s.variant = l.variant and s.location = l.location
                where l.reservation = $1 order by s.variant, s.location for update of s
            )
            update stock s set reserved = s.reserved - l.quantity from locked l
            where s.variant = l.variant and s.location = l.location
            returning l.sku, s.location, s.on_hand, s.reserved, s.backorder_limit, l.quantity
            """,
            id
        );
        await using var reader = await give.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var after = new StockLevel(reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
            var before = after with { Reserved = after.Reserved + reader.GetInt64(5) };
            StockLevel.Changed(work, reader.GetString(0), reader.GetString(1), before, after, "released");
        }
    }
}

/// <summary>A locked stock row.</summary>
sealed record StockRow(Guid Variant, string Sku, string Location, StockLevel Level);

/// <summary>What a demand gets: every line, or none and the SKUs that fall short.</summary>
sealed record Grant(IReadOnlyList<(StockRow Row, long Quantity)> Taken, IReadOnlyList<string> Missing)
{
    public bool Is(out IReadOnlyList<(StockRow Row, long Quantity)> taken, out IReadOnlyList<string> missing)
    {
        (taken, missing) = (Taken, Missing);
        return Missing.Count == 0;
    }
}
