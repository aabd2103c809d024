using Kontor.Catalog.Bulk;
using Kontor.Catalog.Imports.Loading;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Catalog.Products;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Plans;

/// <summary>Compares a run with the catalogue, batch by batch, in the order of keys; writes nothing but the plan.</summary>
static class PlanBatch
{
    const int Products = 500;

    public const string Step = "planning";

    public static async Task<ImportRun?> Next(ImportRoom room, LaidAhead ahead, ImportRun run, CancellationToken stop)
    {
        var laid = await ahead.Next(run, Products, stop);
        if (laid.Count == 0)
            return await Withdrawals(room, run, stop);
        var (rows, refused) = await room.Look(work => Of(room, work, run, laid, stop), stop);
        return await room.Batch(
            run,
            async (work, _) =>
            {
                await PlanRows.Write(work, run.Id, rows, stop);
                await Quarantine.Add(work, run.Id, Step, refused, stop);
                return run with
                {
                    Position = laid[^1].Key,
                    Counts = run.Counts with { Planned = rows.Aggregate(run.Counts.Planned ?? new(), With) },
                };
            },
            stop
        );
    }

    /// <summary>The last batch: products that are not delivered any more, and then a person's turn.</summary>
    static Task<ImportRun?> Withdrawals(ImportRoom room, ImportRun run, CancellationToken stop) =>
        room.Batch(
            run,
            async (work, _) =>
            {
                var sums = run.Counts.Planned ?? new();
                if (run.Withdraws)
                {
                    await using var plan = work.Command(
                        $"""
                        insert into import_plans (run, key, kind, product, seen)
                        select $2, i.key, 'withdrawn', i.product, p.version from {DeliveredTable.Missing}
                        """,
                        run.Terms.Supplier,
                        run.Id
                    );
                    sums = sums with { Withdrawn = await plan.ExecuteNonQueryAsync(stop) };
                }
                var planned = run with { Counts = run.Counts with { Planned = sums } };
                return run.IsApproved ? planned.To(ImportState.Loading)
                    : run.Held is { } held ? planned.Holding(ImportState.Planned, held, run.HeldBecause!)
                    : planned.To(ImportState.Planned);
            },
            stop
        );

    /// <summary>Plans products anew that moved before they could be loaded.</summary>
    public static async Task Again(
        ImportRoom room,
        Work work,
        ImportRun run,
        IReadOnlyList<LaidProduct> laid,
        CancellationToken stop
    )
    {
        if (laid.Count == 0)
            return;
        var (rows, _) = await Of(room, work, run, laid, stop);
        await PlanRows.Write(work, run.Id, [.. rows.Select(row => row with { Moved = true })], stop);
    }

    static async Task<(List<PlanRow> Rows, List<Quarantined> Refused)> Of(
        ImportRoom room,
        Work work,
        ImportRun run,
        IReadOnlyList<LaidProduct> laid,
        CancellationToken stop
    )
    {
        var delivered = await DeliveredTable.Read(
            work.Connection,
            run.Terms.Supplier,
            [.. laid.Select(l => l.Key)],
            stop
        );
        var (rows, refused, lines) = (new List<PlanRow>(), new List<Quarantined>(), new List<WantedLine>());
        for (var i = 0; i < laid.Count; i++)
            if (delivered.TryGetValue(laid[i].Key, out var before) && before.IsAsSaid(laid[i]))
                rows.Add(new(laid[i].Key, PlanKind.Unchanged, before.Product, before.VersionNow));
            else if (Wanted.Of(laid[i], i, before, room.Languages).Is(out var line, out var rejection))
                lines.Add(line);
            else
                Refuse(laid[i], rejection, null);

        var standing = await BulkStanding.Lock(
            work,
            [.. lines.Select(l => l.Product)],
            room.Types,
            stop,
            isOnlyLooking: true
        );
        var facts = await PlanFacts.Read(work, lines, stop);
        await foreach (var (line, view) in standing.Views(work, lines, stop))
            if (standing.IsAlready(line, view))
                rows.Add(new(line.Product.Key, PlanKind.Unchanged, view.Id, view.Version));
            else if (Changed(line, view, standing, facts).Is(out var changed, out var rejection))
                rows.Add(changed);
            else
                Refuse(laid[(int)line.Line], rejection, view);
        foreach (var line in lines.Where(line => !standing.Has(line.Product.Key)))
            if (Created(line, standing, facts).Is(out var created, out var rejection))
                rows.Add(created);
            else
                Refuse(laid[(int)line.Line], rejection, null);
        return (rows, refused);

        void Refuse(LaidProduct one, Rejection why, ProductView? view)
        {
            rows.Add(new(one.Key, PlanKind.Refused, view?.Id, view?.Version ?? 0));
            refused.AddRange(Wanted.Refused(one, why));
        }
    }

    static Result<PlanRow> Created(WantedLine line, BulkStanding standing, PlanFacts facts)
    {
        if (line.Product.OfOptions() is { } options)
            return options;
        if (!standing.Read(line.Product).Is(out var typed, out var wrong))
            return wrong;
        if (facts.Refusal(line.Product, null) is { } refusal)
            return refusal;
        var then = Differences.Form(line.Product, typed.Now, variant => variant.Stock);
        return new PlanRow(line.Product.Key, PlanKind.Created, null, 0, Differences.Between(null, then));
    }

    static Result<PlanRow> Changed(WantedLine line, ProductView view, BulkStanding standing, PlanFacts facts)
    {
        if (view.Publication?.DeletedAt is not null)
            return Rejections.ProductDeleted;
        if ((line.Wanted.Type ?? view.Type) != view.Type)
            return Rejections.ProductInvalid.At("type", $"The product is a {view.Type}, and stays one.");
        if (!ChangeProduct.Decide(view, new()).Is(out var now, out var unreadable))
            return unreadable;
        if (!ChangeProduct.Decide(view, BulkProducts.PatchOf(line.Wanted)).Is(out var then, out var rejection))
            return rejection;
        if (!standing.Read(then).Is(out var typed, out var wrong))
            return wrong;
        if (facts.Refusal(then, view) is { } refusal)
            return refusal;
        var told = line
            .Product.Variants.Where(v => v.Stock is not null)
            .Select(v => v.Sku)
            .ToHashSet(StringComparer.Ordinal);
        var before = Differences.Form(now, now.Given, v => told.Contains(v.Sku) ? standing.OnHand(v.Sku) : null);
        var after = Differences.Form(then, typed.Now, variant => variant.Stock);
        return new PlanRow(
            line.Product.Key,
            PlanKind.Changed,
            view.Id,
            view.Version,
            Differences.Between(before, after)
        );
    }

    static ImportSums With(ImportSums sums, PlanRow row) =>
        row.Kind switch
        {
            PlanKind.Created => sums with { Created = sums.Created + 1 },
            PlanKind.Changed => sums with { Changed = sums.Changed + 1 },
            PlanKind.Unchanged => sums with { Unchanged = sums.Unchanged + 1 },
            _ => sums with { Refused = sums.Refused + 1 },
        };
}
