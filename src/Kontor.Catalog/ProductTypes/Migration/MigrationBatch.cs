using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>One batch of one migration: a transaction that holds the work and the cursor behind it.</summary>
/// <remarks>
/// 1. filling: values are converted into <c>attributes_next</c>, product by product; who writes a product meanwhile writes
/// both forms. 2. The flip: the type's generation rises, in one short transaction, and readers find the new form in all
/// products at once. 3. tidying: <c>attributes_next</c> moves to <c>attributes</c>, and the product's generation rises.
/// Or 2. undoing: <c>attributes_next</c> goes, and all is as it was.
/// A process may end anywhere: what was committed is a whole batch, and the next one begins at its cursor. Two processes at
/// once are kept apart by the lock of the migration's row. Locks, in this order: that row, then the type (for the flip) or
/// the products in the order of their ids.
/// </remarks>
sealed class MigrationBatch(CatalogDatabase database, TimeProvider clock)
{
    /// <summary>Products with more variants than this, all together, are no more in one batch.</summary>
    const int MaxVariants = 5_000;

    public int MaxProducts { get; init; } = 200;

    Guid last;

    /// <summary>Does the next batch of one migration after the other, so that none that throws keeps the others waiting;
    /// false where there was nothing to do.</summary>
    public async Task<bool> Next(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        if (await Running(work, stop) is not { } running)
            return false;
        switch (running.State)
        {
            case "filling" when await Fill(work, running, stop) is { } fault:
                await transaction.RollbackAsync(stop);
                await Fail(connection, running, fault, stop);
                return true;
            case "filling":
                break;
            case "tidying":
                await Tidy(work, running, stop);
                break;
            default:
                await Undo(work, running, stop);
                break;
        }
        await work.Append(stop);
        FaultPoint.Pass("product-types.batch.before-commit");
        await work.Commit();
        FaultPoint.Pass("product-types.batch.after-commit");
        return true;
    }

    /// <summary>Turns a migration back whose batch cannot be written; the batch is rolled back, with its locks of products.</summary>
    async Task Fail(NpgsqlConnection connection, Migration running, string fault, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction);
        await using var find = work.Command(
            "select from product_type_migrations where id = $1 and state = 'filling' for update",
            running.Id
        );
        bool isFilling;
        await using (var row = await find.ExecuteReaderAsync(stop))
            isFilling = await row.ReadAsync(stop);
        if (!isFilling)
            return; // It was cancelled meanwhile.
        // As in a cancellation: whoever is just writing both forms has committed after this, so that undoing finds it.
        await TypeBook.Close(work, running.Type, stop);
        await Undo(work, running.Id, "failed", fault, stop);
        await work.Commit();
    }

    /// <summary>Turns a migration back, with its outcome; the job then takes away what it had converted.</summary>
    public static async Task Undo(Work work, Guid id, string outcome, string? reason, CancellationToken stop)
    {
        await using var turn = work.Command(
            """
            update product_type_migrations set state = 'undoing', outcome = $2, reason = $3, cursor = $4 where id = $1
            """,
            id,
            outcome,
            reason,
            Guid.Empty
        );
        await turn.ExecuteNonQueryAsync(stop);
    }

    sealed record Migration(
        Guid Id,
        string Type,
        string State,
        long Generation,
        Guid Cursor,
        string? Outcome,
        MigrationPlan Plan,
        IReadOnlyList<ChangeView> Changes,
        IReadOnlyList<string> Reindex
    );

    async Task<Migration?> Running(Work work, CancellationToken stop)
    {
        // A row that is locked is just being cancelled, or another process is at it.
        await using var find = work.Command(
            """
            select m.id, m.type, m.state, m.generation, m.cursor, m.outcome, m.title, m.attributes::text, m.steps::text,
                m.changes::text, m.reindex::text, t.title, m.from_version, v.attributes::text
            from product_type_migrations m join product_types t on t.key = m.type
            join product_type_versions v on v.type = m.type and v.version = m.from_version
            where m.state in ('filling', 'tidying', 'undoing')
            order by m.id > $1 desc, m.id limit 1 for update of m skip locked
            """,
            last
        );
        await using var row = await find.ExecuteReaderAsync(stop);
        if (!await row.ReadAsync(stop))
            return null;
        last = row.GetGuid(0); // Before anything of it is read that may throw.
        var generation = row.GetInt64(3);
        var from = new TypeDefinition(
            row.GetString(1),
            row.GetString(11),
            row.GetInt64(12),
            generation,
            TypeBook.Stored(row.GetString(13))
        );
        return new(
            row.GetGuid(0),
            row.GetString(1),
            row.GetString(2),
            generation,
            row.GetGuid(4),
            await row.IsDBNullAsync(5, stop) ? null : row.GetString(5),
            MigrationPlan.Standing(
                from,
                row.GetString(6),
                TypeBook.Stored(row.GetString(7)),
                Json<List<MigrationStep>>(row.GetString(8))
            ),
            JsonSerializer.Deserialize<List<ChangeView>>(row.GetString(9), KontorJson.Stored)!,
            Json<List<string>>(row.GetString(10))
        );
    }

    /// <summary>Null where the batch is done; else what stands in the way of it, in words.</summary>
    async Task<string?> Fill(Work work, Migration running, CancellationToken stop)
    {
        var taken = await Take(work, running, stop);
        if (taken.Count == 0)
        {
            await Flip(work, running, stop);
            return null;
        }
        // Who was written meanwhile has both forms already.
        var open = taken.Where(product => !product.IsFilled).ToList();
        if (await ConvertedProducts.Write(work, running.Plan, open, stop) is { } fault)
            return fault;
        await Advance(work, running, "converted", taken, stop);
        return null;
    }

    /// <summary>All products have both forms: from the commit on the new one is shown.</summary>
    async Task Flip(Work work, Migration running, CancellationToken stop)
    {
        await TypeBook.Close(work, running.Type, stop);
        var type = running.Plan.To;
        await ChangeProductType.SetDefinition(work, type, running.Changes, clock.GetUtcNow(), stop);
        await using var turn = work.Command(
            "update product_type_migrations set state = 'tidying', cursor = $2 where id = $1",
            running.Id,
            Guid.Empty
        );
        await turn.ExecuteNonQueryAsync(stop);
        work.Happened(
            $"product-type-{type.Key}",
            new ProductTypeChanged(type.Key, type.Title, type.Version, running.Reindex, Migrated: true)
        );
    }

    async Task Tidy(Work work, Migration running, CancellationToken stop)
    {
        var taken = await Take(work, running, stop);
        if (taken.Count == 0)
        {
            await End(work, running, "done", stop);
            return;
        }
        // Who was written since the flip is of the new generation, and stands in one form. An older version of Kontor that
        // still runs creates products of generation 0, without attributes.
        var open = taken.Where(p => p.Generation <= running.Generation).Select(p => p.Id).ToArray();
        var all = taken.Select(product => product.Id).ToArray();
        await using var batch = work.Batch();
        batch.Add(
            """
            update variants set attributes = coalesce(attributes_next, '{}'), attributes_next = null
            where product = any($1) and (attributes <> '{}' or attributes_next is not null)
            """,
            [open]
        );
        batch.Add(
            """
            update products set attributes = coalesce(attributes_next, attributes), attributes_next = null, generation = $2
            where id = any($1)
            """,
            open,
            running.Generation + 1
        );
        batch.Add("delete from unique_values where product = any($1) and generation <= $2", all, running.Generation);
        await batch.ExecuteNonQueryAsync(stop);
        await Advance(work, running, "tidied", taken, stop);
    }

    async Task Undo(Work work, Migration running, CancellationToken stop)
    {
        var taken = await Take(work, running, stop);
        if (taken.Count == 0)
        {
            await End(work, running, running.Outcome!, stop);
            return;
        }
        var all = taken.Select(product => product.Id).ToArray();
        await using var batch = work.Batch();
        batch.Add(
            "update variants set attributes_next = null where product = any($1) and attributes_next is not null",
            [all]
        );
        batch.Add(
            "update products set attributes_next = null where id = any($1) and attributes_next is not null",
            [all]
        );
        batch.Add("delete from unique_values where product = any($1) and generation = $2", all, running.Generation + 1);
        await batch.ExecuteNonQueryAsync(stop);
        await Advance(work, running, "tidied", taken, stop);
    }

    /// <summary>The next products behind the cursor, locked.</summary>
    async Task<List<TakenProduct>> Take(Work work, Migration running, CancellationToken stop)
    {
        await using var take = work.Command(
            """
            select p.id, p.key, p.attributes::text, p.attributes_next is not null, p.generation,
                (select count(*) from variants v where v.product = p.id)
            from products p where p.type = $1 and p.id > $2 order by p.id limit $3 for update
            """,
            running.Type,
            running.Cursor,
            MaxProducts
        );
        var taken = new List<TakenProduct>();
        var variants = 0L;
        await using var row = await take.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop) && (taken.Count == 0 || variants + row.GetInt64(5) <= MaxVariants))
        {
            variants += row.GetInt64(5);
            taken.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetInt64(4)));
        }
        return taken;
    }

    static async Task Advance(
        Work work,
        Migration running,
        string count,
        List<TakenProduct> taken,
        CancellationToken stop
    )
    {
        await using var advance = work.Command(
            $"update product_type_migrations set cursor = $2, {count} = {count} + $3 where id = $1",
            running.Id,
            taken[^1].Id,
            taken.Count
        );
        await advance.ExecuteNonQueryAsync(stop);
    }

    async Task End(Work work, Migration running, string state, CancellationToken stop)
    {
        await using var end = work.Command(
            "update product_type_migrations set state = $2, ended_at = $3 where id = $1",
            running.Id,
            state,
            clock.GetUtcNow()
        );
        await end.ExecuteNonQueryAsync(stop);
        work.Happened($"product-type-{running.Type}", new ProductTypeMigrationEnded(running.Type, running.Id, state));
    }

    static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, KontorJson.Tolerant)!;
}

/// <param name="IsFilled">Whether it has both forms.</param>
/// <param name="Generation">Of what stands in its attributes.</param>
sealed record TakenProduct(Guid Id, string Key, string Attributes, bool IsFilled, long Generation);
