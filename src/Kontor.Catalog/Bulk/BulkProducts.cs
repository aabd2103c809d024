using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Bulk;

/// <summary>Writes batches of lines, each in a transaction of its own.</summary>
/// <remarks>
/// 1. The products that the lines name are locked in the order of their keys, then their types; what stands is read.
/// 2. Lines whose product stands so already are told unchanged. 3. New products are inserted together; where one of them is
/// refused none of them is, and each half is tried, down to the one that is refused. 4. Products that change are written
/// together likewise, but for those whose variants come or go, which are changed one by one. Whatever is tried stands on a
/// savepoint, so that a line that is refused leaves nothing behind and the others alone.
/// </remarks>
sealed class BulkProducts(CatalogDatabase database, TypeBook types, TimeProvider clock, string? actor)
{
    const int Attempts = 8;
    const string Savepoint = "line";
    const string KeyOnce = "product_key_once";
    const string SlugOnce = "product_slug_once";

    /// <summary>What became of the lines, in their order, and the position that the batch reached.</summary>
    public async Task<(IReadOnlyList<BulkLine> Told, string? Position)> Write(BulkBatch batch, CancellationToken stop)
    {
        if (batch.Wanted.Count == 0)
            return ([.. batch.Rejected], null);
        for (var attempt = 1; ; attempt++)
            try
            {
                return await Once(batch, isLast: attempt == Attempts, stop);
            }
            catch (Exception lost) when (attempt < Attempts && IsLostRace(lost))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2 << attempt), clock, stop);
            }
    }

    async Task<(IReadOnlyList<BulkLine> Told, string? Position)> Once(
        BulkBatch batch,
        bool isLast,
        CancellationToken stop
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var work = new Work(database, transaction) { Actor = actor };
        var written = await In(work, batch.Wanted, isLast, stop);
        var position = await work.Append(stop);
        await work.Commit();
        return ([.. batch.Rejected.Concat(written.Told).OrderBy(line => line.Line)], position?.ToString());
    }

    /// <summary>Writes lines in a transaction that may hold more than them.</summary>
    /// <param name="isLast">The transaction is not begun anew where it loses a race.</param>
    public async Task<BulkWritten> In(Work work, IReadOnlyList<WantedLine> lines, bool isLast, CancellationToken stop)
    {
        var standing = await BulkStanding.Lock(work, [.. lines.Select(line => line.Product)], types, stop);
        List<BulkLine> told = [];

        var changed = new List<(WantedLine Line, ProductView View)>();
        await foreach (var (line, view) in standing.Views(work, lines, stop))
            if (standing.IsAlready(line, view))
                told.Add(BulkLine.Of(line, BulkStatus.Unchanged, view.Id, view.Version));
            else
                changed.Add((line, view));
        told.AddRange(await Create(work, standing, lines, isLast, stop));
        told.AddRange(await Change(work, standing, changed, isLast, stop));
        return new(told, changed, standing);
    }

    /// <summary>A key that somebody brought meanwhile stands when the batch begins anew, and is changed then.</summary>
    internal static bool IsLostRace(Exception exception) =>
        Writing.IsLostRace(exception)
        || exception
            is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
                or PostgresException { ConstraintName: KeyOnce or SlugOnce };

    /// <summary>New products: together where they can be, those that are refused for what they say themselves alone.</summary>
    async Task<List<BulkLine>> Create(
        Work work,
        BulkStanding standing,
        IReadOnlyList<WantedLine> lines,
        bool isLast,
        CancellationToken stop
    )
    {
        var fresh = lines.Where(line => !standing.Has(line.Product.Key)).OrderBy(line => line.Line).ToList();
        var categories = await BulkStanding.Categories(work, fresh, stop);
        var (sound, odd) = (new List<(WantedLine Line, TypedProduct Typed)>(fresh.Count), new List<WantedLine>());
        foreach (var line in fresh)
            if (
                line.Product.OfOptions() is null
                && line.Product.Categories.All(categories.Contains)
                && standing.Read(line.Product).Is(out var typed, out _)
            )
                sound.Add((line, typed));
            else
                odd.Add(line);
        var told = await Halving.Of(sound, some => Together(work, some, isLast, stop), one => One(one.Line));
        foreach (var line in odd)
            told.Add(await One(line));
        return told;

        Task<BulkLine> One(WantedLine line) =>
            Alone(
                work,
                line,
                () =>
                    line.Product.OfOptions() is { } refusal
                        ? Task.FromResult<Reply<ProductView>>(refusal)
                        : CreateProduct.Store(work, line.Product, types, clock, stop),
                null,
                isLast,
                stop
            );
    }

    /// <summary>All of them with few statements; null, and nothing written, where one of them is refused.</summary>
    async Task<IEnumerable<BulkLine>?> Together(
        Work work,
        IReadOnlyList<(WantedLine Line, TypedProduct Typed)> some,
        bool isLast,
        CancellationToken stop
    )
    {
        // In the order of keys: two who bring the same products would each wait for what the other has brought.
        var lines = some.OrderBy(one => one.Line.Product.Key, StringComparer.Ordinal).ToList();
        if (await AttributeWriter.Missing(work, [.. lines.Select(one => one.Typed)], stop))
            return null;
        var fresh = lines
            .Select(one => new NewProduct(Id<Product>.New(clock).Value, one.Line.Product, one.Typed))
            .ToList();
        fresh = await BulkStanding.WithSlugs(work, fresh, stop);
        var noted = work.Noted;
        await work.Transaction.SaveAsync(Savepoint, stop);
        try
        {
            await NewProducts.Insert(work, fresh, clock, stop);
            await work.Transaction.ReleaseAsync(Savepoint, stop);
        }
        catch (PostgresException violated) when (IsRefusal(violated, isLast))
        {
            await work.Transaction.RollbackAsync(Savepoint, stop);
            work.Forget(noted);
            return null;
        }
        return lines.Zip(fresh, (line, one) => BulkLine.Of(line.Line, BulkStatus.Created, one.Id, 1));
    }

    /// <summary>What is known how to be written together is; the rest, or all of it where one is refused, is tried alone.</summary>
    async Task<IReadOnlyList<BulkLine>> Change(
        Work work,
        BulkStanding standing,
        List<(WantedLine Line, ProductView View)> changed,
        bool isLast,
        CancellationToken stop
    )
    {
        var known = changed
            .Select(one => ChangedProducts.Knows(one.Line, one.View, standing))
            .OfType<ChangedLine>()
            .ToList();
        var told = await Halving.Of(
            known,
            some => TryTogether(work, standing, some, isLast, stop),
            line => One(line.Line, line.Standing)
        );
        var done = known.Select(one => one.Line.Line).ToHashSet();
        foreach (var (line, view) in changed.Where(one => !done.Contains(one.Line.Line)))
            told.Add(await One(line, view));
        return told;

        Task<BulkLine> One(WantedLine line, ProductView view) =>
            Alone(work, line, () => Change(work, standing, line, stop), (view, standing), isLast, stop);
    }

    /// <summary>All of them with few statements; null, and nothing written, where one of them is refused.</summary>
    async Task<IEnumerable<BulkLine>?> TryTogether(
        Work work,
        BulkStanding standing,
        IReadOnlyList<ChangedLine> lines,
        bool isLast,
        CancellationToken stop
    )
    {
        if (await ChangedProducts.LacksSomething(work, lines, stop))
            return null;
        var noted = work.Noted;
        await work.Transaction.SaveAsync(Savepoint, stop);
        try
        {
            await ChangedProducts.Write(work, lines, clock, stop);
            await work.Transaction.ReleaseAsync(Savepoint, stop);
        }
        catch (PostgresException violated) when (IsRefusal(violated, isLast))
        {
            await work.Transaction.RollbackAsync(Savepoint, stop);
            work.Forget(noted);
            return null;
        }
        var after = new List<ProductView>(lines.Count);
        await foreach (var (_, view) in standing.Views(work, [.. lines.Select(line => line.Line)], stop))
            after.Add(view);
        var views = await ChangedProducts.Finish(work, lines, after, clock, stop);
        return lines.Zip(
            views,
            (line, view) =>
                BulkLine.Of(
                    line.Line,
                    StatusOf(view, line.Standing, standing.HasCounts(line.Product)),
                    view.Id,
                    view.Version
                )
        );
    }

    static BulkStatus StatusOf(ProductView view, ProductView before, bool hadCounts) =>
        view.Version == before.Version && hadCounts ? BulkStatus.Unchanged : BulkStatus.Updated;

    static bool IsRefusal(PostgresException violated, bool isLast) =>
        violated.SqlState is PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.CheckViolation
        || (violated.SqlState == PostgresErrorCodes.UniqueViolation && (isLast || violated.ConstraintName != KeyOnce));

    Task<Reply<ProductView>> Change(Work work, BulkStanding standing, WantedLine line, CancellationToken stop)
    {
        var (id, type) = standing.Of(line.Product.Key);
        return line.Wanted.Type is { } wanted && wanted != type
            ? Task.FromResult<Reply<ProductView>>(
                Rejections.ProductInvalid.At("type", $"The product is a {type}, and stays one.")
            )
            : ChangeProduct.Store(work, id.ToString(), PatchOf(line.Wanted), null, (types, clock), stop);
    }

    /// <summary>A line as the change of a product: what it leaves out stays.</summary>
    internal static ChangeProduct.Request PatchOf(CreateProduct.Request line) =>
        new()
        {
            Title = new(line.Title),
            Slug = line.Slug is { } slug ? new(slug) : default,
            Description = line.Description is { } description ? new(description) : default,
            Categories = line.Categories is { } categories ? new(categories) : default,
            Attributes = line.Attributes is { } attributes ? new(attributes) : default,
            Variants = new(line.Variants),
            Options = line.Options is { } options ? new(options) : default,
            RemovesVariants = true,
            Publication = line.Publication is { } publication ? new(publication) : default,
            Body = line.Body is { } body ? new(body) : default,
            Seo = line.Seo is { } seo ? new(seo) : default,
            Translations = line.Translations is { } translations ? new(translations) : default,
        };

    /// <summary>Tries one line; what it has written goes again where it is refused.</summary>
    static async Task<BulkLine> Alone(
        Work work,
        WantedLine line,
        Func<Task<Reply<ProductView>>> attempt,
        (ProductView View, BulkStanding Rows)? before,
        bool isLast,
        CancellationToken stop
    )
    {
        var noted = work.Noted;
        await work.Transaction.SaveAsync(Savepoint, stop);
        Rejection refusal;
        try
        {
            var reply = await attempt();
            if (reply is { Rejection: null, Data: { } view })
            {
                await work.Transaction.ReleaseAsync(Savepoint, stop);
                var status = before is var (stood, rows)
                    ? StatusOf(view, stood, rows.HasCounts(line.Product))
                    : BulkStatus.Created;
                return BulkLine.Of(line, status, view.Id, view.Version);
            }
            refusal = reply.Rejection!;
        }
        catch (PostgresException violated) when (ProductWriter.RefusalOf(violated) is { } stands)
        {
            // One that was made for it, not asked for: the batch begins anew, and makes another.
            if (!isLast && before is null && line.Product.Slug is null && stands == Rejections.SlugTaken)
                throw;
            refusal = stands;
        }
        await work.Transaction.RollbackAsync(Savepoint, stop);
        work.Forget(noted);
        return BulkLine.Rejected(line.Line, line.Product.Key, refusal);
    }
}

/// <summary>Lines that were written.</summary>
/// <param name="Told">What became of them, in no order.</param>
/// <param name="Stood">Those that were to change, with what stood before.</param>
sealed record BulkWritten(
    IReadOnlyList<BulkLine> Told,
    IReadOnlyList<(WantedLine Line, ProductView View)> Stood,
    BulkStanding Standing
);
