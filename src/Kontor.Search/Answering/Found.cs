using System.Runtime.InteropServices;
using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>A product that matches, as far as its place on the page goes.</summary>
/// <param name="Pin">Its place among the pins; beyond them where it is none.</param>
/// <param name="Key">Less comes first; of a text its place in its own segment.</param>
/// <param name="Price">Lowest of the matching variants; <see cref="Moving.NoPrice"/>: none.</param>
readonly record struct Found(
    int Pin,
    bool IsUnavailable,
    long Key,
    int Segment,
    int Product,
    long Score,
    long Price,
    bool IsAvailable
)
{
    public const int NoPin = int.MaxValue;

    /// <summary>What has no value comes last.</summary>
    public const long NoKey = long.MaxValue;
}

/// <summary>The order of a query, over all segments.</summary>
sealed class FoundOrder(Standing standing, IReadOnlyList<SortTexts?>? texts) : IComparer<Found>
{
    public int Compare(Found x, Found y)
    {
        if (x.Pin != y.Pin)
            return x.Pin < y.Pin ? -1 : 1;
        if (x.IsUnavailable != y.IsUnavailable)
            return x.IsUnavailable ? 1 : -1;
        if (CompareKeys(x, y) is var keys && keys != 0)
            return keys;
        return IdOf(x).CompareTo(IdOf(y));
    }

    public Segment SegmentOf(int segment) => standing.Views[segment].Segment;

    /// <summary>Whether places of two segments are told by the numbers alone.</summary>
    public bool IsByKey => texts is null;

    public Guid IdOf(Found found) => standing.Views[found.Segment].Segment.IdOf(found.Product);

    public string? TextOf(Found found) => texts?[found.Segment]?.Of(found.Product);

    int CompareKeys(Found x, Found y)
    {
        if (texts is null || x.Segment == y.Segment || x.Key == Found.NoKey || y.Key == Found.NoKey)
            return x.Key.CompareTo(y.Key);
        var order = string.CompareOrdinal(TextOf(x), TextOf(y));
        return x.Key < 0 ? -order : order;
    }
}

/// <summary>The best of many: a heap whose root is the worst of those kept.</summary>
sealed class Best(FoundOrder order, int most)
{
    readonly List<Found> heap = new(Math.Min(most, 64));

    /// <summary>Where the worst has its place among the ids of a segment, of which it need not be.</summary>
    (int Segment, int Place) limit = (-1, 0);

    /// <summary>Whether there are enough that come before it; false says nothing.</summary>
    public bool Refuses(int pin, bool isUnavailable, long key, int segment, int product)
    {
        if (heap.Count < most)
            return false;
        var worst = CollectionsMarshal.AsSpan(heap)[0];
        if (pin != worst.Pin)
            return pin > worst.Pin;
        if (isUnavailable != worst.IsUnavailable)
            return isUnavailable;
        if (worst.Segment != segment && !order.IsByKey)
            return false;
        if (key != worst.Key)
            return key > worst.Key;
        var here = order.SegmentOf(segment);
        if (limit.Segment != segment)
            limit = (segment, here.PlaceOf(order.IdOf(worst)));
        return here.PlaceOf(product) >= limit.Place;
    }

    public void Offer(in Found found)
    {
        if (heap.Count < most)
        {
            limit = (-1, 0);
            heap.Add(found);
            for (var at = heap.Count - 1; at > 0 && order.Compare(heap[at], heap[(at - 1) / 2]) > 0; at = (at - 1) / 2)
                Swap(at, (at - 1) / 2);
        }
        else if (order.Compare(found, heap[0]) < 0)
        {
            limit = (-1, 0);
            heap[0] = found;
            Sink();
        }
    }

    /// <summary>The best first.</summary>
    public List<Found> Take()
    {
        heap.Sort(order);
        return heap;
    }

    void Sink()
    {
        var at = 0;
        while (true)
        {
            var worst = at;
            for (var child = (2 * at) + 1; child <= (2 * at) + 2 && child < heap.Count; child++)
                if (order.Compare(heap[child], heap[worst]) > 0)
                    worst = child;
            if (worst == at)
                return;
            Swap(at, worst);
            at = worst;
        }
    }

    void Swap(int one, int other) => (heap[one], heap[other]) = (heap[other], heap[one]);
}
