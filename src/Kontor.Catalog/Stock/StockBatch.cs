using System.Data;
using Kontor.Catalog.Bundles;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>Settles many wishes in one transaction of five round trips: look and lock, write, journal (two), commit.</summary>
/// <remarks>
/// 1. The reservations that stand are locked in id order, then the stock rows in (variant, location) order; everybody
/// locks in this order, so two batches wait for each other but never in a ring. 2. <see cref="Settlement"/> decides on
/// what is locked. 3. If somebody else made one of the reservations meanwhile, the batch is rolled back and looks again:
/// stock is taken only for rows inserted (<c>on conflict do nothing</c>), and a wish is called short only if nothing
/// stood under its id when the stock was locked, or it would be refused for want of what it took itself. 4. One
/// event for each stock row whose numbers are others than before; a batch that gives and takes the same writes none.
/// The constraint no_oversell stands behind it. 5. What bundles are made of is read with the last look, when the stock is
/// locked; where it is not what was locked by, the batch looks again.
/// </remarks>
static class StockBatch
{
    /// <summary>The outcomes in the order of the wishes; null where another process came between: run it again.</summary>
    /// <param name="patienceMs">How long to wait for one row that another transaction has locked.</param>
    public static async Task<IReadOnlyList<Settled>?> Settle(
        CatalogDatabase database,
        IReadOnlyList<Wish> wishes,
        int patienceMs,
        TimeProvider clock
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        try
        {
            await using var transaction = await connection.BeginTransactionAsync();
            return await Settle(new Work(database, transaction), wishes, patienceMs, clock.GetUtcNow());
        }
        catch (PostgresException) when (connection.FullState == ConnectionState.Open)
        {
            // A statement that fails while it is being prepared stays broken in Npgsql: who uses it next on this
            // connection meets an unexpected message (npgsql/npgsql#6391). So all of them are forgotten.
            connection.UnprepareAll();
            throw;
        }
    }

    static async Task<IReadOnlyList<Settled>?> Settle(
        Work work,
        IReadOnlyList<Wish> wishes,
        int patienceMs,
        DateTimeOffset now
    )
    {
        if (await Lock(work, wishes, patienceMs, now) is not { } settlement)
            return null;
        var settled = wishes.Select(settlement.Settle).ToList();
        if (!settlement.HasChanged)
            return settled;

        FaultPoint.Pass("stock.batch.before-take");
        if (!await Write(work, settlement, now))
            return null;
        foreach (var row in settlement.Changed)
            StockLevel.Changed(work, row, row.Level.Reserved > row.Before.Reserved ? "reserved" : "released", now);
        var position = (await work.Append(CancellationToken.None))?.ToString();
        FaultPoint.Pass("stock.batch.before-commit");
        await work.Commit();
        FaultPoint.Pass("stock.batch.after-commit");
        return position is null ? settled : [.. settled.Select(outcome => outcome with { Position = position })];
    }

    /// <summary>Reads and locks all that the wishes are about, in one round trip; null where a reservation came to be
    /// between its own look and the stock's.</summary>
    /// <remarks>No location gives pieces of a product that is not sold now: what came into a cart while it was, and an order
    /// that was placed just then, find none. What is held stays held. Plans are pinned to indexes: one made while the tables were small would scan them for ever.</remarks>
    static async Task<Settlement?> Lock(Work work, IReadOnlyList<Wish> wishes, int patienceMs, DateTimeOffset now)
    {
        var ids = wishes.Select(wish => wish.Id).Distinct().ToArray();
        var skus = wishes.OfType<Wish.Reserve>().SelectMany(wish => wish.Demand.Keys).Distinct(StringComparer.Ordinal);
        await using var look = work.Batch();
        look.Add(
            """
            select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
                set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
                set_config('plan_cache_mode', 'force_generic_plan', true),
                set_config('lock_timeout', $1, true)
            """,
            $"{patienceMs}ms"
        );
        look.Add(
            "select id, owner, state, expires_at from reservations where id = any($1) order by id for update",
            ids
        );
        look.Add(
            """
            select reservation, variant, location, sku, quantity, null::text, null::bigint from reservation_lines
            where reservation = any($1)
            union all
            select reservation, null, null, sku, quantity, component, pieces from reservation_bundles
            where reservation = any($1)
            order by 1, 2, 3
            """,
            ids
        );
        look.Add(StockSql, skus.ToArray(), ids);
        look.Add(RecipesSql, ids, skus.ToArray());
        await using var reader = await look.ExecuteReaderAsync();
        return await Read(reader, now);
    }

    /// <summary>Of the SKUs asked for, of the components of bundles among them, and of what the reservations hold.</summary>
    static readonly string StockSql = $"""
        select s.variant, v.sku, s.location, l.priority, l.active and {Visible.Sold()}, {StockLevel.Columns}
        from (
            select id from variants where sku = any($1)
            union select c.component from variants b join bundle_components c on c.bundle = b.id
            where b.sku = any($1) and b.is_bundle
            union select variant from reservation_lines where reservation = any($2)
        ) wanted(variant)
        join stock s on s.variant = wanted.variant join variants v on v.id = s.variant
        join locations l on l.key = s.location join products p on p.id = v.product
        order by s.variant, s.location for update of s
        """;

    /// <summary>How many of the reservations stand, and of what the bundles are made: one row where there is none.</summary>
    static readonly string RecipesSql = $"""
        select (select count(*) from reservations where id = any($1)), b.sku, {Visible.Sold()}, v.sku, c.quantity, v.id,
            exists (select from stock s where s.variant = v.id)
        from (values (1)) one(row) left join (
            variants b join products p on p.id = b.product join bundle_components c on c.bundle = b.id
            join variants v on v.id = c.component
        ) on b.sku = any($2) and b.is_bundle
        """;

    static async Task<Settlement?> Read(NpgsqlDataReader reader, DateTimeOffset now)
    {
        await reader.NextResultAsync();
        var found = new List<(Guid Id, string Owner, string State, DateTimeOffset? ExpiresAt)>();
        while (await reader.ReadAsync())
            found.Add(
                (
                    reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)
                )
            );
        await reader.NextResultAsync();
        var lines = new List<(Guid Reservation, HeldLine Line)>();
        var bundles = new List<(Guid Reservation, HeldBundle Bundle)>();
        while (await reader.ReadAsync())
        {
            var (reservation, sku, quantity) = (reader.GetGuid(0), reader.GetString(3), reader.GetInt64(4));
            if (await reader.IsDBNullAsync(5))
                lines.Add((reservation, new(reader.GetGuid(1), reader.GetString(2), sku, quantity)));
            else
                bundles.Add((reservation, new(sku, quantity, reader.GetString(5), reader.GetInt64(6))));
        }
        await reader.NextResultAsync();
        var rows = new List<StockRow>();
        while (await reader.ReadAsync())
            rows.Add(
                new(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    new(reader.GetString(2), reader.GetInt32(3), reader.GetBoolean(4)),
                    StockLevel.Of(reader, 5)
                )
            );
        await reader.NextResultAsync();
        if (await Recipes(reader, found.Count, rows.Select(row => row.Variant).ToHashSet()) is not { } recipes)
            return null;
        var linesOf = lines.ToLookup(line => line.Reservation, line => line.Line);
        var bundlesOf = bundles.ToLookup(bundle => bundle.Reservation, bundle => bundle.Bundle);
        return new(
            found.Select(r => new StandingReservation(r.Id, r.Owner, r.State, r.ExpiresAt, [.. linesOf[r.Id]])
            {
                Bundles = [.. bundlesOf[r.Id]],
            }),
            rows,
            now,
            recipes
        );
    }

    /// <summary>Of what the bundles asked for are made, read when their stock was locked; null where a reservation came
    /// between, or a component that was not one when the stock was looked for: its rows are not locked.</summary>
    static async Task<Dictionary<string, Recipe>?> Recipes(NpgsqlDataReader reader, int standing, HashSet<Guid> locked)
    {
        var parts = new List<(string Bundle, bool IsSold, string Sku, long Pieces)>();
        while (await reader.ReadAsync())
        {
            if (reader.GetInt64(0) != standing)
                return null;
            if (await reader.IsDBNullAsync(1))
                continue;
            if (reader.GetBoolean(6) && !locked.Contains(reader.GetGuid(5)))
                return null;
            parts.Add((reader.GetString(1), reader.GetBoolean(2), reader.GetString(3), reader.GetInt32(4)));
        }
        return parts
            .GroupBy(part => (part.Bundle, part.IsSold))
            .ToDictionary(
                bundle => bundle.Key.Bundle,
                bundle => new Recipe(
                    bundle.Key.IsSold,
                    bundle.ToDictionary(part => part.Sku, part => part.Pieces, StringComparer.Ordinal)
                ),
                StringComparer.Ordinal
            );
    }

    const string WriteSql = """
        with made as (
            insert into reservations (id, state, created_at, ended_at, expires_at, owner)
            select id, state, $4, case when state in ('released', 'expired') then $4 end, expires_at, owner
            from unnest($1::uuid[], $2::text[], $3::timestamptz[], $15::text[]) r(id, state, expires_at, owner)
            on conflict do nothing returning 1
        ), lines as (
            insert into reservation_lines (reservation, variant, location, sku, quantity)
            select * from unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::bigint[])
            on conflict do nothing
        ), bundles as (
            insert into reservation_bundles (reservation, sku, quantity, component, pieces)
            select * from unnest($16::uuid[], $17::text[], $18::bigint[], $19::text[], $20::bigint[])
            on conflict do nothing
        ), moved as (
            update reservations r set state = m.state,
                ended_at = case when m.state in ('released', 'expired') then $4 end
            from unnest($10::uuid[], $11::text[]) m(id, state) where r.id = m.id
        ), taken as (
            update stock s set reserved = t.reserved
            from unnest($12::uuid[], $13::text[], $14::bigint[]) t(variant, location, reserved)
            where s.variant = t.variant and s.location = t.location
        )
        select count(*) from made
        """;

    /// <summary>Writes what the settlement left, in one statement; false where a new reservation was there already.</summary>
    static async Task<bool> Write(Work work, Settlement settlement, DateTimeOffset now)
    {
        StandingReservation[] made = [.. settlement.Made];
        StandingReservation[] moved = [.. settlement.Moved];
        StockRow[] rows = [.. settlement.Changed];
        var lines = made.SelectMany(r => r.Lines.Select(line => (r.Id, Line: line))).ToArray();
        var bundles = made.SelectMany(r => r.Bundles.Select(bundle => (r.Id, Taken: bundle))).ToArray();
        await using var write = work.Command(
            WriteSql,
            made.Select(r => r.Id).ToArray(),
            made.Select(r => r.State).ToArray(),
            made.Select(r => r.ExpiresAt).ToArray(),
            now,
            lines.Select(line => line.Id).ToArray(),
            lines.Select(line => line.Line.Variant).ToArray(),
            lines.Select(line => line.Line.Location).ToArray(),
            lines.Select(line => line.Line.Sku).ToArray(),
            lines.Select(line => line.Line.Quantity).ToArray(),
            moved.Select(r => r.Id).ToArray(),
            moved.Select(r => r.State).ToArray(),
            rows.Select(row => row.Variant).ToArray(),
            rows.Select(row => row.Location).ToArray(),
            rows.Select(row => row.Level.Reserved).ToArray(),
            made.Select(r => r.Owner).ToArray(),
            bundles.Select(bundle => bundle.Id).ToArray(),
            bundles.Select(bundle => bundle.Taken.Sku).ToArray(),
            bundles.Select(bundle => bundle.Taken.Quantity).ToArray(),
            bundles.Select(bundle => bundle.Taken.Component).ToArray(),
            bundles.Select(bundle => bundle.Taken.Pieces).ToArray()
        );
        return await write.ExecuteScalarAsync() is long count && count == made.Length;
    }
}
