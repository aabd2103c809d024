using System.Text.Json;
using Kontor.Catalog.Imports.Loading;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Imports.Undoing;

/// <summary>Restores, batch by batch, what a run changed, where nobody has changed it since.</summary>
/// <remarks>What it created is archived, not deleted: a better run of the same feed finds it by its key and shows it again.</remarks>
static class UndoBatch
{
    const int Products = 100;
    const string Savepoint = "product";

    public const string Step = "undoing";

    sealed record Change(string Key, Guid Product, long Before, long After, string? Stood);

    public static async Task<ImportRun?> Next(ImportRoom room, ImportRun run, CancellationToken stop)
    {
        var changes = await room
            .Database.Source.CreateCommand(
                """
                select key, product, version_before, version_after, before::text from import_changes
                where run = $1 and key > $2 and undone is null order by key limit $3
                """
            )
            .With(run.Id, run.Position, Products)
            .Rows(
                row => new Change(
                    row.GetString(0),
                    row.GetGuid(1),
                    row.GetInt64(2),
                    row.GetInt64(3),
                    row.IsDBNull(4) ? null : row.GetString(4)
                ),
                stop
            );
        if (changes.Count == 0)
            return await room.Move(run, run.To(ImportState.Undone), stop);
        return await room.Batch(run, (work, _) => Undo(room, work, run, changes, stop), stop);
    }

    static async Task<ImportRun> Undo(
        ImportRoom room,
        Work work,
        ImportRun run,
        IReadOnlyList<Change> changes,
        CancellationToken stop
    )
    {
        await using (
            var hold = work.Command(
                "select id from products where id = any($1) order by id for update",
                (object)changes.Select(change => change.Product).ToArray()
            )
        )
            await hold.ExecuteNonQueryAsync(stop);
        var restored = new List<(Change Change, long Version)>();
        var left = new List<Quarantined>();
        foreach (var change in changes)
            if (await TryOne(room, work, run.Terms.Supplier, change, stop) is var (refusal, version) && refusal is null)
                restored.Add((change, version));
            else
                left.AddRange(
                    Wanted
                        .Refused(new LaidProduct(change.Key, "{}"u8.ToArray(), []), refusal!)
                        .Select(row => row with { Source = null })
                );
        await Note(work, run, changes, restored, stop);
        await Quarantine.Add(work, run.Id, Step, left, stop);
        return run with
        {
            Position = changes[^1].Key,
            Counts = run.Counts with
            {
                Restored = run.Counts.Restored + restored.Count,
                LeftAlone = run.Counts.LeftAlone + changes.Count - restored.Count,
            },
        };
    }

    /// <summary>Why it is left alone, or the version that it then has.</summary>
    static async Task<(Rejection? Refusal, long Version)> TryOne(
        ImportRoom room,
        Work work,
        string supplier,
        Change change,
        CancellationToken stop
    )
    {
        var noted = work.Noted;
        await work.Transaction.SaveAsync(Savepoint, stop);
        Rejection? refusal;
        try
        {
            var reply = await One(room, work, supplier, change, stop);
            if (reply is { Rejection: null, Data: { } view })
            {
                await work.Transaction.ReleaseAsync(Savepoint, stop);
                return (null, view.Version);
            }
            refusal = reply.Rejection!;
        }
        catch (PostgresException violated) when (ProductWriter.RefusalOf(violated) is { } stands)
        {
            refusal = stands;
        }
        await work.Transaction.RollbackAsync(Savepoint, stop);
        work.Forget(noted);
        return (refusal, 0);
    }

    static async Task<Reply<ProductView>> One(
        ImportRoom room,
        Work work,
        string supplier,
        Change change,
        CancellationToken stop
    )
    {
        var now = (await ProductReader.Of(work.Connection, [change.Product], stop))[0];
        ChangeProduct.Request patch;
        if (change.Stood is null && await IsOfOthers(work, change.Product, supplier, stop))
            return Rejections.ImportProductShared;
        if (change.Stood is null)
            patch = new() { Publication = new(new PublicationRequest { State = new(DeliveredTable.Archived) }) };
        else
        {
            var stood = JsonSerializer.Deserialize<StoodAs>(change.Stood, KontorJson.Stored)!;
            patch = stood.Patch(now, await OnHand(work, stood, stop));
        }
        return await ChangeProduct.Store(
            work,
            change.Product.ToString(),
            patch,
            change.After,
            (room.Types, room.Clock),
            stop
        );
    }

    /// <summary>Somebody else delivers it too: it is not only this run's.</summary>
    static async Task<bool> IsOfOthers(Work work, Guid product, string supplier, CancellationToken stop)
    {
        await using var look = work.Command(
            "select exists (select from import_products where product = $1 and supplier <> $2 and withdrawn is null)",
            product,
            supplier
        );
        return await look.ExecuteScalarAsync(stop) is true;
    }

    static async Task<Dictionary<string, long>> OnHand(Work work, StoodAs stood, CancellationToken stop)
    {
        string[] counted = [.. stood.Variants.Where(v => v.Counted is not null).Select(v => v.Sku)];
        if (counted.Length == 0)
            return [];
        var rows = await work.Command(
                "select v.sku, s.on_hand from stock s join variants v on v.id = s.variant where v.sku = any($1) and s.location = $2",
                counted,
                StockLevel.MainLocation
            )
            .Rows(row => (Sku: row.GetString(0), OnHand: row.GetInt64(1)), stop);
        return rows.ToDictionary(row => row.Sku, row => row.OnHand, StringComparer.Ordinal);
    }

    static async Task Note(
        Work work,
        ImportRun run,
        IReadOnlyList<Change> changes,
        IReadOnlyList<(Change Change, long Version)> restored,
        CancellationToken stop
    )
    {
        var done = restored.Select(one => one.Change.Key).ToHashSet(StringComparer.Ordinal);
        await using var batch = work.Batch();
        batch.Add(
            """
            update import_changes c set undone = w.undone from unnest($2::text[], $3::boolean[]) w(key, undone)
            where c.run = $1 and c.key = w.key
            """,
            run.Id,
            changes.Select(change => change.Key).ToArray(),
            changes.Select(change => done.Contains(change.Key)).ToArray()
        );
        // Whatever the supplier says next is to be looked at; what the run created is shown again when it is delivered again.
        batch.Add(
            """
            update import_products i set hash = '', version = w.version,
                withdrawn = case when w.is_new then $5 when i.withdrawn is not null then null end
            from unnest($2::text[], $3::bigint[], $4::boolean[]) w(key, version, is_new)
            where i.supplier = $1 and i.key = w.key
            """,
            run.Terms.Supplier,
            restored.Select(one => one.Change.Key).ToArray(),
            restored.Select(one => one.Version).ToArray(),
            restored.Select(one => one.Change.Stood is null).ToArray(),
            Publishing.Published
        );
        await batch.ExecuteNonQueryAsync(stop);
    }
}
