using System.Numerics;
using System.Runtime.Intrinsics;

namespace Kontor.Search.Answering;

/// <summary>Counts products by ranges or intervals of a number.</summary>
sealed class NumberCounter
{
    readonly Bounds[] ranges;
    readonly int[] counts;
    readonly int[] last;

    /// <summary>Where no two ranges have a number in common: their least numbers in order, filled up with what nothing reaches.</summary>
    readonly double[]? least;
    readonly int[] order;
    readonly Dictionary<long, (int Count, int Last)> intervals = [];
    double smallest = double.PositiveInfinity;
    double greatest = double.NegativeInfinity;

    /// <param name="field">Null: the price.</param>
    /// <param name="ignored">The filters that it ignores.</param>
    public NumberCounter(SearchFacet facet, int? field, uint ignored)
    {
        (Facet, Field, Ignored) = (facet, field, ignored);
        ranges = facet is SearchFacet.Ranges of ? [.. of.Of.Select(Bounds.Of)] : [];
        (counts, last) = (new int[ranges.Length], new int[ranges.Length]);
        order = [.. Enumerable.Range(0, ranges.Length).OrderBy(i => ranges[i].Least)];
        for (var i = 1; i < order.Length; i++)
            if (!(ranges[order[i - 1]].Greatest < ranges[order[i]].Least))
                return;
        least = new double[(order.Length + 3) & ~3];
        Array.Fill(least, double.NaN);
        for (var i = 0; i < order.Length; i++)
            least[i] = ranges[order[i]].Least;
    }

    public SearchFacet Facet { get; }

    public int? Field { get; }

    public uint Ignored { get; }

    public bool IsPrice => Field is null;

    /// <param name="product">A number that no other product of this query has.</param>
    public void Count(double number, int product)
    {
        if (Facet is not SearchFacet.Ranges)
            Interval(number, product);
        else if (least is not null)
            One(least, number, product);
        else
            for (var i = 0; i < ranges.Length; i++)
                if (ranges[i].Has(number) && last[i] != product)
                    (last[i], counts[i]) = (product, counts[i] + 1);
    }

    void One(double[] starts, double number, int product)
    {
        var (reached, wanted) = (0, Vector256.Create(number));
        for (var i = 0; i + 4 <= starts.Length; i += 4)
            reached += BitOperations.PopCount(
                Vector256.LessThanOrEqual(Vector256.Create(starts.AsSpan(i, 4)), wanted).ExtractMostSignificantBits()
            );
        if (reached == 0)
            return;
        var range = order[reached - 1];
        if (number > ranges[range].Greatest || last[range] == product)
            return;
        last[range] = product;
        counts[range]++;
    }

    void Interval(double number, int product)
    {
        (smallest, greatest) = (Math.Min(smallest, number), Math.Max(greatest, number));
        var interval = IntervalOf(number);
        if (intervals.TryGetValue(interval, out var has))
            intervals[interval] = has.Last == product ? has : (has.Count + 1, product);
        else if (intervals.Count < SearchFacet.Histogram.MaxIntervals)
            intervals[interval] = (1, product);
    }

    double Width => ((SearchFacet.Histogram)Facet).Width;

    /// <summary>Which of the intervals from 0; what is beyond all whole numbers is in the last.</summary>
    long IntervalOf(double number) => (long)Math.Clamp(Math.Floor(number / Width), -1e15, 1e15);

    public FacetCounts Counts() =>
        Facet is SearchFacet.Ranges asked
            ? new(Facet.Field, [], [.. asked.Of.Select((range, i) => new RangeCount(range, counts[i]))])
            : new(
                Facet.Field,
                [],
                [
                    .. intervals
                        .OrderBy(interval => interval.Key)
                        .Select(interval => new RangeCount(
                            new(interval.Key * Width, (interval.Key + 1) * Width),
                            interval.Value.Count
                        )),
                ],
                double.IsFinite(smallest) ? smallest : null,
                double.IsFinite(greatest) ? greatest : null
            );
}

/// <summary>A range as two numbers that are in it: no question is left to ask of each number.</summary>
readonly record struct Bounds(double Least, double Greatest)
{
    public static Bounds Of(NumberRange range) =>
        new(
            range.From ?? double.NegativeInfinity,
            range.To is not { } to ? double.PositiveInfinity
                : range.IncludesTo ? to
                : Math.BitDecrement(to)
        );

    public bool Has(double number) => number >= Least && number <= Greatest;
}
