using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Looks at one product after the other: whether it matches, what it counts for, where it stands on the page.</summary>
/// <remarks>
/// Each filter is a bit. What a variant has and what its product has together say which filters it fails. None: the product
/// matches. Only filters that a facet ignores: the variant counts for that facet. Everything about a product, its prices of
/// one moment too, is read once and used for all of it, so page, total and counts agree with each other.
/// </remarks>
sealed class Judge(Plan plan, Workspace workspace, Conditions conditions, Ranking ranking)
{
    readonly long at = plan.Query.At.UtcTicks;
    Rows rows = null!; // Enter is called before any product is looked at.
    Moving moving = null!; // As above.
    int looked;

    public int Total { get; private set; }

    public void Enter(Segment segment, int index)
    {
        (rows, moving) = (segment.Rows, segment.Moving);
        ranking.Enter(segment, index);
    }

    public void Look(int product, long text, int pin)
    {
        if (rows.Windows.Count > 0 && rows.Windows.TryGetValue(product, out var window))
            if (at < window.From || at >= window.Until)
                return;
        var own = rows.Products[product];
        var variants = rows.Products[product + 1] - own - 1;
        workspace.Fit(variants);
        if (plan.NeedsMoving)
            Moment.Read(moving, product, own + 1, variants, plan.Books, workspace);
        var (isHit, counts) = conditions.Fail(rows, own, variants);
        if (!counts)
            return;
        looked++;
        if (plan.HasFacets)
            Count(own, variants, isHit);
        if (!isHit)
            return;
        Total++;
        ranking.Offer(product, text, pin, own, variants);
    }

    /// <summary>A value counts once for a product, however many of its variants have it.</summary>
    void Count(int own, int variants, bool isHit)
    {
        CountRow(own, variants, isHit ? 0u : null);
        for (var v = 0; v < variants; v++)
        {
            var fails = workspace.Fails[v];
            if ((fails & plan.Fatal) != 0)
                continue;
            CountRow(own + 1 + v, variants, fails);
            if (plan.CountsAvailability && (fails & ~plan.Own[plan.AvailabilityField]) == 0)
                workspace.Count(plan.Availabilities[(int)workspace.Availabilities[v]], looked);
            if (workspace.Prices[v] is var price && price != Moving.NoPrice)
                foreach (var counter in plan.Counters)
                    if (counter.IsPrice && (fails & ~counter.Own) == 0)
                        counter.Count(price, looked);
        }
    }

    /// <param name="fails">Of the variant whose row it is; null: the product's own row, which counts where some variant
    /// fails only what the facet ignores.</param>
    void CountRow(int row, int variants, uint? fails)
    {
        var (from, to) = (rows.WordStarts[row], rows.WordStarts[row + 1]);
        var words = rows.Words.AsSpan(from..to);
        var fields = rows.WordFields.AsSpan(from..to);
        var counted = plan.CountWords;
        for (var i = 0; i < fields.Length; i++)
            // Of a variant that fails nothing all counts: the usual case.
            if (counted[fields[i]] && (fails == 0u || Counts(plan.Own[fields[i]], variants, fails)))
                workspace.Count(words[i], looked);
        if (plan.Counters.Count == 0)
            return;
        for (var i = rows.NumberStarts[row]; i < rows.NumberStarts[row + 1]; i++)
            foreach (var counter in plan.Counters)
                if (counter.Field == rows.NumberFields[i] && Counts(counter.Own, variants, fails))
                    counter.Count(rows.Numbers[i], looked);
    }

    bool Counts(uint ignored, int variants, uint? fails)
    {
        if (fails is { } those)
            return (those & ~ignored) == 0;
        for (var v = 0; v < Math.Max(1, variants); v++)
            if ((workspace.Fails[v] & ~ignored) == 0)
                return true;
        return false;
    }
}

/// <summary>Prices and availability of a product's variants, all of one moment.</summary>
static class Moment
{
    public static void Read(Moving moving, int product, int row, int variants, int[] books, Workspace into)
    {
        int stamp;
        do
        {
            stamp = moving.Begin(product);
            for (var v = 0; v < variants; v++)
            {
                into.Availabilities[v] = moving.AvailabilityOf(row + v);
                var price = Moving.NoPrice;
                for (var book = 0; book < books.Length && price == Moving.NoPrice; book++)
                    price = moving.PriceOf(books[book], row + v);
                into.Prices[v] = price;
            }
        } while (!moving.Holds(product, stamp));
    }
}
