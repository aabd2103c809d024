using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Looks at one product after the other: whether it matches, what it counts for, where it stands on the page.</summary>
/// <remarks>
/// Each filter is a bit. What a variant has and what its product has together say which filters it fails. None: the product
/// matches. Only filters that a facet ignores: the variant counts for that facet. Everything about a product, its prices of
/// one moment too, is read once and used for all of it, so page, total and counts agree with each other.
/// Products wait until there are some dozens: what is known of them lies far apart, and memory answers many questions in the
/// time of one.
/// </remarks>
sealed class Judge(Plan plan, Workspace workspace, Conditions conditions, Ranking ranking)
{
    readonly long at = plan.Query.At.UtcTicks;
    readonly Tally tally = new(plan, workspace);
    Rows rows = null!; // Enter is called before any product is looked at.
    Moving moving = null!; // As above.
    bool needsFacts;

    /// <summary>Which products match is known before prices and availability are read.</summary>
    bool isSifted;
    int waiting;

    public int Total { get; private set; }

    /// <summary>Says nothing; it is there so that no compiler finds the reading ahead useless.</summary>
    public long Touched { get; private set; }

    /// <param name="taken">Filters that all products that come satisfy, for themselves.</param>
    public void Enter(Segment segment, int index, uint taken)
    {
        (rows, moving) = (segment.Rows, segment.Moving);
        conditions.Enter(segment, taken);
        tally.Enter(segment);
        ranking.Enter(segment, index);
        isSifted = !conditions.AreNone && !plan.FiltersMoving;
        needsFacts = !conditions.AreNone || tally.NeedsFacts || ranking.NeedsFacts || plan.NeedsMoving;
    }

    /// <summary>A product that will be looked at, at the latest by <see cref="Finish"/>.</summary>
    public void Add(int product, long score)
    {
        workspace.Waiting[waiting] = (product, score);
        if (++waiting == Workspace.Ahead)
            Finish();
    }

    public void Finish()
    {
        var all = workspace.Waiting.AsSpan(0, waiting);
        waiting = 0;
        if (needsFacts)
            FetchFacts(all);
        if (plan.NeedsMoving)
        {
            if (isSifted)
                all = all[..Sift(all)];
            FetchMoving(all);
        }
        foreach (var (product, score) in all)
            Look(product, score, Found.NoPin);
    }

    /// <summary>Counts what is no hit, where that hangs on no price, and keeps the others: theirs alone are read.</summary>
    int Sift(Span<(int Product, long Score)> all)
    {
        var kept = 0;
        foreach (var one in all)
        {
            var facts = rows.FactsOf(one.Product);
            workspace.Fit(facts[1]);
            var (isHit, counts, _) = conditions.Fail(one.Product, facts);
            if (isHit)
                all[kept++] = one;
            else if (counts && !IsHidden(one.Product))
                tally.Some(one.Product, facts, isHit);
        }
        return kept;
    }

    /// <summary>Reads something of each product from where its words lie.</summary>
    void FetchFacts(ReadOnlySpan<(int Product, long Score)> all)
    {
        var (places, facts, some) = (workspace.Places, rows.Facts, 0L);
        for (var i = 0; i < all.Length; i++)
            places[i] = rows.FactStarts[all[i].Product];
        for (var i = 0; i < all.Length; i++)
            some ^= facts[places[i]] ^ facts[Math.Min(places[i] + LineOfNumbers, facts.Length - 1)];
        Touched = some;
    }

    /// <summary>Likewise where its prices lie.</summary>
    void FetchMoving(ReadOnlySpan<(int Product, long Score)> all)
    {
        var (heads, some) = (workspace.Heads, 0L);
        for (var i = 0; i < all.Length; i++)
            heads[i] = moving.HeadOf(all[i].Product);
        for (var i = 0; i < all.Length; i++)
            some ^= moving.Touch(heads[i]);
        Touched = some;
    }

    /// <summary>What memory hands over at once, in numbers of 32 bits.</summary>
    const int LineOfNumbers = 16;

    public void Look(int product, long text, int pin)
    {
        if (IsHidden(product))
            return;
        if (!needsFacts)
        {
            Total++;
            ranking.Offer(product, text, pin, 0);
            return;
        }
        var facts = rows.FactsOf(product);
        var variants = facts[1];
        workspace.Fit(variants);
        if (plan.NeedsMoving)
            moving.Read(product, variants, workspace.Books, workspace.Prices, workspace.Availabilities);
        if (conditions.AreNone)
        {
            workspace.Fails.AsSpan(0, Math.Max(1, variants)).Clear();
            tally.All(product, facts);
        }
        else
        {
            var (isHit, counts, failsNothing) = conditions.Fail(product, facts);
            if (!counts)
                return;
            if (failsNothing)
                tally.All(product, facts);
            else
                tally.Some(product, facts, isHit);
            if (!isHit)
                return;
        }
        Total++;
        ranking.Offer(product, text, pin, variants);
    }

    bool IsHidden(int product) =>
        rows.Windows.Count > 0
        && rows.Windows.TryGetValue(product, out var window)
        && (at < window.From || at >= window.Until);

    public void Close() => tally.Close();
}
