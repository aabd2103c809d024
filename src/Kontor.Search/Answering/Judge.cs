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
            Fetch(all);
        foreach (var (product, score) in all)
            Look(product, score, Found.NoPin);
    }

    /// <summary>Reads something of each product from all places where something of it lies.</summary>
    void Fetch(ReadOnlySpan<(int Product, long Score)> all)
    {
        var places = workspace.Places.AsSpan(0, all.Length);
        var facts = rows.Facts;
        var some = 0L;
        for (var i = 0; i < places.Length; i++)
            places[i] = rows.FactStarts[all[i].Product];
        foreach (var place in places)
            some ^= facts[(int)place] ^ facts[Math.Min((int)place + LineOfNumbers, facts.Length - 1)];
        if (plan.NeedsMoving)
        {
            for (var i = 0; i < places.Length; i++)
                places[i] = moving.HeadOf(all[i].Product);
            foreach (var place in places)
                some ^= moving.Touch(place);
        }
        Touched = some;
    }

    /// <summary>What memory hands over at once, in numbers of 32 bits.</summary>
    const int LineOfNumbers = 16;

    public void Look(int product, long text, int pin)
    {
        if (rows.Windows.Count > 0 && rows.Windows.TryGetValue(product, out var window))
            if (at < window.From || at >= window.Until)
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
            moving.Read(product, variants, plan.Books, workspace.Prices, workspace.Availabilities);
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
                tally.Some(product, facts);
            if (!isHit)
                return;
        }
        Total++;
        ranking.Offer(product, text, pin, variants);
    }

    public void Close() => tally.Close();
}
