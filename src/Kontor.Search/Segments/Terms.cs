using System.Text;

namespace Kontor.Search.Segments;

/// <summary>The terms of a segment in order, the products that have them, and where. Never changes.</summary>
/// <remarks>A term's key is its space (two bytes, the language), then its letters in UTF-8. One array of bytes instead of a
/// string for each: a catalogue has as many SKUs as variants.</remarks>
sealed class Terms
{
    /// <summary>Codes: what is found when it is typed whole.</summary>
    public const ushort Codes = ushort.MaxValue;

    /// <summary>Places of a term in a product that phrases see; the others count for its weight only.</summary>
    public const int MostPlaces = 255;

    public required byte[] Letters { get; init; }

    /// <summary>Where each term's key begins, and the end.</summary>
    public required int[] Starts { get; init; }

    public required int[] PostingStarts { get; init; }

    public required uint[] Postings { get; init; }

    public required int[] PlaceStarts { get; init; }

    /// <summary>For each posting of a term: how many places, then the steps from one to the next, as numbers of 7 bits a byte.</summary>
    public required byte[] Places { get; init; }

    public int Count => Starts.Length - 1;

    public long Bytes =>
        Letters.Length
        + Places.Length
        + (4L * (Starts.Length + PostingStarts.Length + Postings.Length + PlaceStarts.Length));

    public ReadOnlySpan<byte> KeyOf(int term) => Letters.AsSpan(Starts[term]..Starts[term + 1]);

    public ReadOnlySpan<uint> PostingsOf(int term) => Postings.AsSpan(PostingStarts[term]..PostingStarts[term + 1]);

    public ReadOnlyMemory<uint> ListOf(int term) => Postings.AsMemory(PostingStarts[term]..PostingStarts[term + 1]);

    /// <summary>The first term whose key is this or after it.</summary>
    public int From(ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) >> 1);
            if (KeyOf(middle).SequenceCompareTo(key) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    public int? Find(ReadOnlySpan<byte> key)
    {
        var term = From(key);
        return term < Count && KeyOf(term).SequenceEqual(key) ? term : null;
    }

    public static byte[] Key(ushort space, string term)
    {
        var key = new byte[2 + Encoding.UTF8.GetByteCount(term)];
        (key[0], key[1]) = ((byte)(space >> 8), (byte)(space & 0xFF));
        Encoding.UTF8.GetBytes(term, key.AsSpan(2));
        return key;
    }

    public static ushort SpaceOf(ReadOnlySpan<byte> key) => (ushort)((key[0] << 8) | key[1]);

    public static string TermOf(ReadOnlySpan<byte> key) => Encoding.UTF8.GetString(key[2..]);
}

/// <summary>Writes the terms of a segment, in order of their keys.</summary>
sealed class TermsWriter
{
    readonly List<byte> letters = [];
    readonly List<int> starts = [0];
    readonly List<int> postingStarts = [0];
    readonly List<uint> postings = [];
    readonly List<int> placeStarts = [0];
    readonly List<byte> places = [];

    /// <summary>Room for all of these: long lists that grow are long arrays thrown away.</summary>
    public void Reserve(IReadOnlyList<SegmentView> views)
    {
        postings.EnsureCapacity(views.Sum(view => view.Segment.Terms.Postings.Length));
        places.EnsureCapacity(views.Sum(view => view.Segment.Terms.Places.Length));
    }

    public void Posting(uint posting) => postings.Add(posting);

    /// <summary>The places of the posting that was written last, ascending.</summary>
    public void PlacesOf(ReadOnlySpan<int> at)
    {
        at = at[..Math.Min(at.Length, Terms.MostPlaces)];
        Number(at.Length);
        for (var i = 0; i < at.Length; i++)
            Number(i == 0 ? at[0] : at[i] - at[i - 1]);
    }

    /// <summary>The same, as another segment has them.</summary>
    public void PlacesAsTheyAre(ReadOnlySpan<byte> written) => places.AddRange(written);

    /// <summary>Ends a term; one without postings was none.</summary>
    public void End(ReadOnlySpan<byte> key)
    {
        if (postings.Count == postingStarts[^1])
            return;
        letters.AddRange(key);
        starts.Add(letters.Count);
        postingStarts.Add(postings.Count);
        placeStarts.Add(places.Count);
    }

    void Number(int value)
    {
        while (value >= 0x80)
        {
            places.Add((byte)((value & 0x7F) | 0x80));
            value >>= 7;
        }
        places.Add((byte)value);
    }

    public Terms Write() =>
        new()
        {
            Letters = [.. letters],
            Starts = [.. starts],
            PostingStarts = [.. postingStarts],
            Postings = [.. postings],
            PlaceStarts = [.. placeStarts],
            Places = [.. places],
        };
}

/// <summary>Reads the places of a term, posting after posting.</summary>
sealed class PlacesReader(Terms terms, int term)
{
    /// <summary>Where it stands among all places of the segment.</summary>
    public int At { get; private set; } = terms.PlaceStarts[term];

    public bool IsEmpty => terms.PlaceStarts[term] == terms.PlaceStarts[term + 1];

    /// <summary>Those of the next posting.</summary>
    public void Next(List<int> places)
    {
        places.Clear();
        var count = Number();
        for (var (i, place) = (0, 0); i < count; i++)
            places.Add(place += Number());
    }

    public void Skip()
    {
        for (var count = Number(); count > 0; count--)
            Number();
    }

    int Number()
    {
        var (value, shift) = (0, 0);
        while (true)
        {
            var next = terms.Places[At++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
            shift += 7;
        }
    }
}
