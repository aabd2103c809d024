using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Judges the variants of a product by the filters of a query.</summary>
sealed class Conditions(Plan plan, Workspace workspace)
{
    Rows rows = null!; // Enter is called before any product is judged.
    uint given;
    bool asksOwn;
    bool asksVariants;

    /// <summary>No product of the segment fails anything.</summary>
    public bool AreNone { get; private set; }

    /// <param name="taken">Filters that all products that come satisfy, for themselves.</param>
    public void Enter(Segment segment, uint taken)
    {
        (rows, given, asksOwn, asksVariants) = (segment.Rows, taken, false, false);
        foreach (var filter in plan.Words)
        {
            if (filter.Words.Count == 0 || (taken & filter.Bit) != 0)
                continue;
            var isVariants = rows.VariantFields.Contains(filter.Field);
            if (!isVariants && IsEverywhere(segment, filter))
                given |= filter.Bit;
            else
            {
                asksVariants |= isVariants;
                asksOwn |= rows.OwnFields.Contains(filter.Field);
            }
        }
        AreNone =
            !asksOwn
            && !asksVariants
            && plan.Numbers.Count == 0
            && !plan.FiltersMoving
            && (plan.All & ~(given ^ plan.Negated)) == 0;
    }

    static bool IsEverywhere(Segment segment, Plan.WordFilter filter)
    {
        foreach (var word in filter.Words)
            if (segment.Words.ListOf(word).Length == segment.Count)
                return true;
        return false;
    }

    /// <summary>Which filters each variant fails; a product without variants is judged by what it has itself.</summary>
    /// <param name="facts">Of the product, as its rows have them.</param>
    public (bool IsHit, bool Counts, bool FailsNothing) Fail(int product, ReadOnlySpan<int> facts)
    {
        var (own, variants, at) = (facts[0], facts[1], Rows.Header + facts[0]);
        var row = rows.Products[product];
        var shared = given;
        if (asksOwn)
            shared |= SatisfiedBy(facts.Slice(Rows.Header, own));
        if (plan.Numbers.Count > 0)
            shared |= SatisfiedByNumbers(row);
        var (isHit, counts, some) = (false, false, 0u);
        for (var v = 0; v < Math.Max(1, variants); v++)
        {
            var satisfied = shared;
            if (variants > 0)
            {
                var count = facts[at++];
                if (asksVariants)
                    satisfied |= SatisfiedBy(facts.Slice(at, count));
                at += count;
                if (plan.Numbers.Count > 0)
                    satisfied |= SatisfiedByNumbers(row + 1 + v);
                if (plan.FiltersMoving)
                    satisfied |= SatisfiedNow(v);
            }
            var fails = plan.All & ~(satisfied ^ plan.Negated);
            workspace.Fails[v] = fails;
            isHit |= fails == 0;
            counts |= (fails & plan.Fatal) == 0;
            some |= fails;
        }
        return (isHit, counts, some == 0);
    }

    uint SatisfiedBy(ReadOnlySpan<int> words)
    {
        var satisfied = 0u;
        var satisfies = workspace.Satisfies;
        foreach (var word in words)
            satisfied |= satisfies[word];
        return satisfied;
    }

    uint SatisfiedByNumbers(int row)
    {
        var satisfied = 0u;
        for (var i = rows.NumberStarts[row]; i < rows.NumberStarts[row + 1]; i++)
            foreach (var (field, bit, ranges) in plan.Numbers)
                if (rows.NumberFields[i] == field && IsIn(ranges, rows.Numbers[i]))
                    satisfied |= bit;
        return satisfied;
    }

    uint SatisfiedNow(int variant)
    {
        var satisfied = workspace.Satisfies[plan.Availabilities[workspace.Availabilities[variant]]];
        if (workspace.Prices[variant] is var price && price != Moving.NoPrice)
            foreach (var (bit, ranges) in plan.Prices)
                if (IsIn(ranges, price))
                    satisfied |= bit;
        return satisfied;
    }

    static bool IsIn(Bounds[] ranges, double number)
    {
        foreach (var range in ranges)
            if (range.Has(number))
                return true;
        return false;
    }
}
