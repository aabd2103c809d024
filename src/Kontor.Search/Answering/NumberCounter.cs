namespace Kontor.Search.Answering;

/// <summary>Counts products by ranges or intervals of a number.</summary>
/// <param name="ofField">Null: the price.</param>
/// <param name="own">The filters that it ignores.</param>
sealed class NumberCounter(SearchFacet facet, int? ofField, uint own)
{
    public uint Own => own;

    readonly Bounds[] ranges = facet is SearchFacet.Ranges of ? [.. of.Of.Select(Bounds.Of)] : [];
    readonly int[] counts = new int[facet is SearchFacet.Ranges of ? of.Of.Count : 0];
    readonly int[] last = new int[facet is SearchFacet.Ranges of ? of.Of.Count : 0];
    readonly Dictionary<long, (int Count, int Last)> intervals = [];
    double least = double.PositiveInfinity;
    double greatest = double.NegativeInfinity;

    public SearchFacet Facet => facet;

    public int? Field => ofField;

    public bool IsPrice => ofField is null;

    public void Count(double number, int product)
    {
        if (facet is SearchFacet.Ranges)
        {
            for (var i = 0; i < ranges.Length; i++)
                if (ranges[i].Has(number) && last[i] != product)
                    (last[i], counts[i]) = (product, counts[i] + 1);
            return;
        }
        (least, greatest) = (Math.Min(least, number), Math.Max(greatest, number));
        var interval = IntervalOf(number);
        if (intervals.TryGetValue(interval, out var has))
            intervals[interval] = has.Last == product ? has : (has.Count + 1, product);
        else if (intervals.Count < SearchFacet.Histogram.MaxIntervals)
            intervals[interval] = (1, product);
    }

    double Width => ((SearchFacet.Histogram)facet).Width;

    /// <summary>Which of the intervals from 0; what is beyond all whole numbers is in the last.</summary>
    long IntervalOf(double number) => (long)Math.Clamp(Math.Floor(number / Width), -1e15, 1e15);

    public FacetCounts Counts() =>
        facet is SearchFacet.Ranges asked
            ? new(facet.Field, [], [.. asked.Of.Select((range, i) => new RangeCount(range, counts[i]))])
            : new(
                facet.Field,
                [],
                [
                    .. intervals
                        .OrderBy(interval => interval.Key)
                        .Select(interval => new RangeCount(
                            new(interval.Key * Width, (interval.Key + 1) * Width),
                            interval.Value.Count
                        )),
                ],
                double.IsFinite(least) ? least : null,
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
