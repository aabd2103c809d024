using System.Runtime.InteropServices;
using Kontor.Search.Languages;

namespace Kontor.Search.Segments;

/// <summary>Makes a segment of documents.</summary>
sealed class SegmentWriter(Shared shared)
{
    /// <summary>Between two texts of a product, so that no phrase goes from one into the other.</summary>
    const int Gap = 100;

    readonly RowsWriter rows = new();
    readonly SortTextsWriter sorts = new();
    readonly MovingWriter moving = new();
    readonly Dictionary<(ushort Space, string Term), int> terms = [];
    readonly Dictionary<Form, (int Stem, int Surface)> known = new(ReferenceEqualityComparer.Instance);
    readonly List<Place> places = [];
    readonly List<Word> words = [];
    readonly Dictionary<int, int> next = [];

    /// <summary>No term.</summary>
    const int None = -1;

    /// <summary>A place of a term in a product.</summary>
    readonly record struct Place(int Term, int Product, int At, double Weight);

    public static Segment Write(IReadOnlyList<SearchDocument> documents, Shared shared)
    {
        var writer = new SegmentWriter(shared);
        writer.places.EnsureCapacity(documents.Sum(UsualPlaces));
        for (var product = 0; product < documents.Count; product++)
            writer.Add(documents[product], product);
        return writer.Write();
    }

    /// <summary>A guess, so that a long list need not grow.</summary>
    static int UsualPlaces(SearchDocument document) =>
        document.Codes.Count + document.Texts.Sum(text => text.Text.Length / LettersOfWord);

    const int LettersOfWord = 6;

    void Add(SearchDocument document, int product)
    {
        rows.Add(document, shared);
        moving.Add(document.Variants, shared.Books);
        sorts.Add(document.Sorts.Select(sort => (shared.Fields.NumberOf(sort.Field), Cut(sort.Value))));
        foreach (var code in document.Codes)
            if (Code(code) is { Length: > 0 } whole)
                places.Add(new(TermOf(Terms.Codes, whole), product, 0, 1));
        next.Clear();
        foreach (var text in document.Texts)
            Add(text, product);
    }

    /// <summary>A cursor holds such a text: so much of it decides.</summary>
    static string Cut(string text) => text.Length <= MostOfSort ? text : text[..MostOfSort];

    const int MostOfSort = 100;

    /// <summary>What a code is kept and asked for as.</summary>
    public static string Code(string typed)
    {
        var code = typed.Trim().ToLowerInvariant();
        return code.Length <= MostOfCode ? code : "";
    }

    const int MostOfCode = 200;

    void Add(SearchText text, int product)
    {
        var tongue = shared.Tongues.Of(text.Language);
        var field = shared.Schema.Of(text.Field);
        words.Clear();
        TextWords.Split(text.Text, SearchSchema.MaxWordsOfText, words);
        ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(next, tongue.Number, out _);
        var weight = Posting.WeightOf(field, words.Count);
        foreach (var word in words)
        {
            var form = tongue.FormOf(text.Text.AsSpan(word.Start, word.Length));
            // The same word is the same form, mostly: its letters are compared once.
            ref var numbers = ref CollectionsMarshal.GetValueRefOrAddDefault(known, form, out var isKnown);
            if (!isKnown)
                numbers = (form.Stem is { } stem ? TermOf(tongue.Stems, stem) : None, None);
            // Who asks for 8 GB finds 8GB; the other way round is the query's to see.
            if (TextWords.UnitAt(form.Surface) is { } unit)
                foreach (
                    var part in (ReadOnlySpan<Form>)
                        [tongue.FormOf(form.Surface.AsSpan(0, unit)), tongue.FormOf(form.Surface.AsSpan(unit))]
                )
                    if (part.Stem is { } apart)
                        places.Add(new(TermOf(tongue.Stems, apart), product, at, weight));
            if (numbers.Stem != None)
                places.Add(new(numbers.Stem, product, at, weight));
            if (field.CompletesWords)
            {
                if (numbers.Surface == None)
                    numbers.Surface = TermOf(tongue.Surfaces, form.Surface);
                places.Add(new(numbers.Surface, product, at, weight));
            }
            at++;
        }
        at += Gap;
    }

    int TermOf(ushort space, string term)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(terms, (space, term), out var isKnown);
        if (!isKnown)
            number = terms.Count - 1;
        return number;
    }

    Segment Write() => new(rows.Write(), WriteTerms(), sorts.Write(), moving.Write());

    Terms WriteTerms()
    {
        var keys = new byte[terms.Count][];
        foreach (var ((space, term), number) in terms)
            keys[number] = Terms.Key(space, term);
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(order, (one, other) => keys[one].AsSpan().SequenceCompareTo(keys[other]));
        var (starts, sorted) = ByTerm(keys.Length);
        var writer = new TermsWriter();
        var at = new List<int>();
        foreach (var term in order)
        {
            var its = sorted.AsSpan(starts[term]..starts[term + 1]);
            var hasPlaces = Terms.SpaceOf(keys[term]) is var space && space != Terms.Codes && (space & 1) == 0;
            while (its.Length > 0)
                its = its[One(writer, its, hasPlaces, at)..];
            writer.End(keys[term]);
        }
        return writer.Write();
    }

    /// <summary>Writes the first product's posting; gives how many places it took.</summary>
    static int One(TermsWriter writer, ReadOnlySpan<Place> its, bool hasPlaces, List<int> at)
    {
        var (product, weight, taken) = (its[0].Product, 0.0, 0);
        at.Clear();
        for (; taken < its.Length && its[taken].Product == product; taken++)
        {
            weight += its[taken].Weight;
            at.Add(its[taken].At);
        }
        writer.Posting(Posting.Of(product, Posting.ImpactOf(weight)));
        if (hasPlaces)
            writer.PlacesOf(CollectionsMarshal.AsSpan(at));
        return taken;
    }

    /// <summary>The places by term, each term's in the order in which they were found: by product, then by place.</summary>
    (int[] Starts, Place[] Sorted) ByTerm(int count)
    {
        var starts = new int[count + 1];
        foreach (var place in places)
            starts[place.Term + 1]++;
        for (var term = 0; term < count; term++)
            starts[term + 1] += starts[term];
        var free = starts.AsSpan(0, count).ToArray();
        var sorted = new Place[places.Count];
        foreach (var place in places)
            sorted[free[place.Term]++] = place;
        return (starts, sorted);
    }
}
