using System.Runtime.CompilerServices;

namespace Kontor.Search.Segments;

/// <summary>A product that has a term and how much the term says of it, in one number: product above, impact below.</summary>
/// <remarks>Lists of them are in order of products and can be searched as they are.</remarks>
static class Posting
{
    public const int MostProducts = 1 << 24;
    public const int MostImpact = byte.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(int product, int impact) => unchecked(((uint)product << 8) | (uint)impact);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Product(uint posting) => unchecked((int)(posting >> 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Impact(uint posting) => unchecked((int)(posting & 0xFF));

    /// <summary>The first place at or after <paramref name="from"/> whose product is this one or later: steps that double,
    /// then halves, since the next one is mostly near.</summary>
    public static int Seek(ReadOnlySpan<uint> postings, int from, int product)
    {
        var wanted = unchecked((uint)product << 8);
        if (from >= postings.Length || postings[from] >= wanted)
            return from;
        var (low, step) = (from, 1);
        while (low + step < postings.Length && postings[low + step] < wanted)
        {
            low += step;
            step <<= 1;
        }
        var high = Math.Min(low + step, postings.Length);
        while (low + 1 < high)
        {
            var middle = (int)(((uint)low + (uint)high) >> 1);
            if (postings[middle] < wanted)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    /// <summary>What a text field's words weigh together: more words more, less and less, and never more than the most.</summary>
    /// <param name="weight">Sum over the places of the term: the field's boost by how long its text is.</param>
    public static int ImpactOf(double weight) =>
        Math.Clamp((int)Math.Round(MostImpact * weight / (weight + Saturation)), 1, MostImpact);

    /// <summary>What a place of a term weighs.</summary>
    public static double WeightOf(TextField field, int words) =>
        field.Boost / (1 - LengthMatters + (LengthMatters * words / Math.Max(1, field.UsualLength)));

    const double Saturation = 1.2;
    const double LengthMatters = 0.75;
}
