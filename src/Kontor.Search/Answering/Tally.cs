using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Counts values and numbers of products: each once for a product, however many of its variants have it.</summary>
sealed class Tally(Plan plan, Workspace workspace)
{
    /// <summary>By which classes of availability a product's variants have, a bit for each: how many products.</summary>
    readonly int[] stocks = new int[16];
    readonly ushort[] fieldOfBlock = plan.FieldOfBlock;
    Rows rows = null!; // Enter is called before any product is counted.
    int looked;

    public bool NeedsFacts => plan.CountsWords || plan.Counters.Count > 0;

    public void Enter(Segment segment) => rows = segment.Rows;

    /// <summary>A product of which every variant passes: the usual case, and nothing has to be asked.</summary>
    public void All(int product, ReadOnlySpan<int> facts)
    {
        var (own, variants) = (facts[0], facts[1]);
        looked = workspace.Look();
        if (plan.CountsWords)
        {
            var (counts, masks) = (workspace.Counts, workspace.Masks);
            foreach (var word in facts.Slice(Rows.Header, own))
                counts[word & masks[word >> WordBook.BlockBits]]++;
            if (variants == 1)
                foreach (var word in facts[(Rows.Header + own + 1)..])
                    counts[word & masks[word >> WordBook.BlockBits]]++;
            else if (variants > 1)
                Variants(facts, Rows.Header + own, variants);
            if (plan.CountsAvailability)
                stocks[Seen(workspace.Availabilities.AsSpan(0, variants))]++;
        }
        if (plan.PriceCounters > 0)
            for (var v = 0; v < variants; v++)
                Price(workspace.Prices[v], 0);
        if (plan.Counters.Count > plan.PriceCounters)
            Numbers(product, variants);
    }

    void Variants(ReadOnlySpan<int> facts, int at, int variants)
    {
        for (var v = 0; v < variants; v++)
        {
            var count = facts[at++];
            foreach (var word in facts.Slice(at, count))
                Once(word);
            at += count;
        }
    }

    void Once(int word)
    {
        if (workspace.Masks[word >> WordBook.BlockBits] == 0 || workspace.Last[word] == looked)
            return;
        workspace.Last[word] = looked;
        workspace.Counts[word]++;
    }

    static int Seen(ReadOnlySpan<byte> availabilities)
    {
        var seen = 0;
        foreach (var availability in availabilities)
            seen |= 1 << availability;
        return seen;
    }

    /// <summary>A product of which some variant fails something.</summary>
    public void Some(int product, ReadOnlySpan<int> facts, bool isHit)
    {
        var own = facts.Slice(Rows.Header, facts[0]);
        var (variants, at, seen) = (facts[1], Rows.Header + facts[0], 0);
        looked = workspace.Look();
        if (isHit)
            Words(own);
        for (var v = 0; v < Math.Max(1, variants); v++)
        {
            var its = variants == 0 ? [] : facts.Slice(at + 1, facts[at]);
            at += its.Length + 1;
            var fails = workspace.Fails[v];
            if ((fails & plan.Fatal) != 0)
                continue;
            var selection = fails == 0 ? null : plan.CountedFor(fails);
            if (fails != 0 && selection is null)
                continue;
            if (selection is null)
                Words(its);
            else
            {
                Words(its, selection);
                if (!isHit && selection.Field is { } field && rows.OwnFields.Contains(field))
                    Words(own, selection);
            }
            if (variants == 0)
                continue;
            if (selection is null || selection.Field == plan.AvailabilityField)
                seen |= 1 << workspace.Availabilities[v];
            if (plan.PriceCounters > 0)
                Price(workspace.Prices[v], fails);
        }
        if (plan.CountsAvailability)
            stocks[seen]++;
        if (plan.Counters.Count > plan.PriceCounters)
            Numbers(product, variants);
    }

    void Words(ReadOnlySpan<int> words)
    {
        if (plan.CountsWords)
            foreach (var word in words)
                Once(word);
    }

    /// <summary>Those of one field.</summary>
    void Words(ReadOnlySpan<int> words, Plan.Selection selection)
    {
        if (plan.CountsWords)
            foreach (var word in words)
                if (fieldOfBlock[word >> WordBook.BlockBits] == selection.Field)
                    Once(word);
    }

    void Price(long price, uint fails)
    {
        if (price == Moving.NoPrice)
            return;
        for (var i = 0; i < plan.PriceCounters; i++)
            if ((fails & ~plan.Counters[i].Ignored) == 0)
                plan.Counters[i].Count(price, looked);
    }

    void Numbers(int product, int variants)
    {
        var row = rows.Products[product];
        for (var v = -1; v < variants; v++)
        for (var i = rows.NumberStarts[row + 1 + v]; i < rows.NumberStarts[row + 2 + v]; i++)
        for (var c = plan.PriceCounters; c < plan.Counters.Count; c++)
            if (
                plan.Counters[c] is var counter
                && counter.Field == rows.NumberFields[i]
                && Passes(v, variants, counter)
            )
                counter.Count(rows.Numbers[i], looked);
    }

    /// <summary>What a product has itself counts where one of its variants does.</summary>
    bool Passes(int variant, int variants, NumberCounter counter)
    {
        if (variant >= 0)
            return (workspace.Fails[variant] & ~counter.Ignored) == 0;
        for (var v = 0; v < Math.Max(1, variants); v++)
            if ((workspace.Fails[v] & ~counter.Ignored) == 0)
                return true;
        return false;
    }

    /// <summary>Puts what was counted by availability to the other counts.</summary>
    public void Close()
    {
        for (var seen = 0; seen < stocks.Length; seen++)
        for (var one = 0; one < plan.Availabilities.Count; one++)
            if ((seen >> one & 1) != 0)
                workspace.Counts[plan.Availabilities[one]] += stocks[seen];
    }
}
