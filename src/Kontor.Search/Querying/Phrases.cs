using Kontor.Search.Segments;

namespace Kontor.Search.Querying;

/// <summary>Finds products in which terms stand as they stand in the query.</summary>
static class Phrases
{
    /// <param name="terms">Terms of one space and how far each stands from the first.</param>
    /// <returns>The postings of the products; the impact is the mean of the terms'.</returns>
    public static ReadOnlyMemory<uint> In(Terms segment, IReadOnlyList<(byte[] Key, int Step)> terms)
    {
        var heads = new List<Head>(terms.Count);
        foreach (var (key, step) in terms)
            if (segment.Find(key) is { } term)
                heads.Add(new(segment, term, step));
            else
                return default;
        var found = new List<uint>();
        foreach (var posting in heads[0].List.Span)
        {
            var product = Posting.Product(posting);
            if (heads.TrueForAll(head => head.Reach(product)) && Stand(heads))
                found.Add(Posting.Of(product, heads.Sum(head => head.Impact) / heads.Count));
        }
        return found.ToArray();
    }

    static bool Stand(List<Head> heads)
    {
        foreach (var head in heads)
            head.Read();
        foreach (var place in heads[0].Places)
        {
            var all = true;
            for (var i = 1; i < heads.Count && all; i++)
                all = heads[i].Places.BinarySearch(place + heads[i].Step) >= 0;
            if (all)
                return true;
        }
        return false;
    }

    /// <summary>A term of the phrase and the posting at which it stands.</summary>
    sealed class Head(Terms segment, int term, int step)
    {
        readonly PlacesReader reader = new(segment, term);
        int read;

        public ReadOnlyMemory<uint> List { get; } = segment.ListOf(term);

        public List<int> Places { get; } = [];

        public int Step => step;

        public int Impact => Posting.Impact(List.Span[At]);

        int At { get; set; }

        /// <summary>Goes on to the product, or to the first one after it.</summary>
        public bool Reach(int product)
        {
            At = Posting.Seek(List.Span, At, product);
            return At < List.Length && Posting.Product(List.Span[At]) == product;
        }

        public void Read()
        {
            for (; read < At; read++)
                reader.Skip();
            reader.Next(Places);
            read++;
        }
    }
}
