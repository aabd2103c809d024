using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Judges the variants of a product by the filters of a query.</summary>
sealed class Conditions(Plan plan, Workspace workspace)
{
    /// <summary>Which filters each variant fails; a product without variants is judged by what it has itself.</summary>
    public (bool IsHit, bool Counts) Fail(Rows rows, int own, int variants)
    {
        var shared = SatisfiedBy(rows, own);
        var (isHit, counts) = (false, false);
        for (var v = 0; v < Math.Max(1, variants); v++)
        {
            var satisfied = shared;
            if (variants > 0)
            {
                if (plan.HasVariantFilters)
                    satisfied |= SatisfiedBy(rows, own + 1 + v);
                if (plan.NeedsMoving)
                    satisfied |= SatisfiedNow(v);
            }
            var fails = plan.All & ~(satisfied ^ plan.Negated);
            workspace.Fails[v] = fails;
            isHit |= fails == 0;
            counts |= (fails & plan.Fatal) == 0;
        }
        return (isHit, counts);
    }

    uint SatisfiedBy(Rows rows, int row)
    {
        var satisfied = 0u;
        var filterWords = plan.FilterWords;
        var (from, to) = (rows.WordStarts[row], rows.WordStarts[row + 1]);
        var words = rows.Words.AsSpan(from..to);
        var fields = rows.WordFields.AsSpan(from..to);
        for (var i = 0; i < fields.Length; i++)
            if (filterWords[fields[i]])
                satisfied |= workspace.SatisfiedBy(words[i]);
        if (plan.Numbers.Count == 0)
            return satisfied;
        for (var i = rows.NumberStarts[row]; i < rows.NumberStarts[row + 1]; i++)
            foreach (var (field, bit, ranges) in plan.Numbers)
                if (rows.NumberFields[i] == field && IsIn(ranges, rows.Numbers[i]))
                    satisfied |= bit;
        return satisfied;
    }

    uint SatisfiedNow(int variant)
    {
        var satisfied = workspace.SatisfiedBy(plan.Availabilities[(int)workspace.Availabilities[variant]]);
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
