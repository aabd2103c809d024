using Kontor.Search.Languages;
using Kontor.Search.Segments;

namespace Kontor.Search.Querying;

/// <summary>The words of a query as the index has them.</summary>
/// <param name="Wanted">What is asked for.</param>
/// <param name="Least">How many of them a product must have: all, or where no product has all, as many as one has.</param>
/// <param name="Excluded">None may be there.</param>
/// <param name="Codes">By segment, the products whose code the whole text is.</param>
sealed record FoundWords(
    IReadOnlyList<WordMatch> Wanted,
    int Least,
    IReadOnlyList<ReadOnlyMemory<uint>[]> Excluded,
    ReadOnlyMemory<uint>[] Codes,
    MatchedWords Matched
);

/// <summary>Looks the words of a query up.</summary>
sealed class QueryWords(Standing standing, Shared shared, SearchQuery query)
{
    const int Exact = 100;
    const int Synonym = 90;
    const int Begun = 80;
    const int OneError = 70;
    const int TwoErrors = 50;

    readonly Tongue tongue = shared.Tongues.Asked(query.Language);
    readonly HashSet<(ushort Space, string Term)> matched = [];

    List<Tongue> Spoken { get; } =
    [.. query.AlsoIn.Prepend(query.Language).Select(shared.Tongues.Asked).Append(shared.Tongues.None).Distinct()];

    public static FoundWords In(Standing standing, Shared shared, SearchQuery query) =>
        new QueryWords(standing, shared, query).Find();

    FoundWords Find()
    {
        var clauses = QueryText.Read(query.Text);
        var wanted = clauses.Where(clause => !clause.IsNot).ToList();
        if (wanted.Exists(SaysSomething))
            // Beside words that say something, one that says nothing in this language is no condition.
            wanted.RemoveAll(clause => !SaysSomething(clause));
        List<WordMatch> matches = [.. wanted.Select(clause => WordMatch.Of(standing, Wanted(clause)))];
        return new(
            matches,
            MostWords.Of(standing, matches, view => new(view.Segment, shared, query.At, query.Channel)),
            [.. clauses.Where(clause => clause.IsNot).Select(clause => Union(AsItIs(clause, Exact)))],
            Lists(Terms.Codes, SegmentWriter.Code(query.Text)),
            new(matched)
        );
    }

    bool SaysSomething(Clause clause) => clause.Words.Any(word => tongue.FormOf(word).Stem is not null);

    ReadOnlyMemory<uint>[] Wanted(Clause clause)
    {
        var lists = AsItIs(clause, Exact);
        Remember(clause);
        if (clause.IsPhrase)
            return Union(lists);
        var word = tongue.FormOf(clause.Words[0]).Surface;
        foreach (var words in Others(word))
        {
            var same = new Clause(words, IsPhrase: true, IsNot: false, IsBegun: false);
            lists.AddRange(AsItIs(same, Synonym));
            Remember(same);
        }
        if (clause.IsBegun && query.CompletesLastWord)
            foreach (var spoken in Spoken)
            foreach (var term in NearTerms.Begun(standing, spoken.Surfaces, word))
                lists.Add((Matching(spoken.Surfaces, term), Begun));
        var found = Union(lists);
        if (!query.ForgivesTypos || WordMatch.LiveIn(standing, found) > 0)
            return found;
        foreach (var spoken in Spoken)
        foreach (var (term, errors) in NearTerms.Mistyped(standing, spoken.Surfaces, word))
            lists.Add((Matching(spoken.Surfaces, term), errors == 1 ? OneError : TwoErrors));
        return Union(lists);
    }

    /// <summary>What means the same: as the shop says, and a measure that is written apart (8gb, 8 GB).</summary>
    IEnumerable<IReadOnlyList<string>> Others(string word)
    {
        foreach (var other in query.Synonyms?.GetValueOrDefault(word) ?? [])
            if (Words(other) is { Count: > 0 } words)
                yield return words;
        if (TextWords.UnitAt(word) is { } unit && tongue.FormOf(word.AsSpan(unit)).Stem is not null)
            yield return [word[..unit], word[unit..]];
    }

    static List<string> Words(string text)
    {
        var words = new List<Word>();
        TextWords.Split(text, SearchQuery.MaxWords, words);
        return [.. words.Select(word => text.Substring(word.Start, word.Length))];
    }

    /// <summary>A word, or several as they stand, in each language that is looked in.</summary>
    List<(ReadOnlyMemory<uint>[] Lists, int Percent)> AsItIs(Clause clause, int percent) =>
        [
            .. Spoken
                .Select(spoken => (spoken.Stems, Terms: Stems(spoken, clause)))
                .Where(asked => asked.Terms.Count > 0)
                .Select(asked =>
                    (
                        asked.Terms is [var (only, _)] ? Lists(asked.Stems, only) : InPhrase(asked.Stems, asked.Terms),
                        percent
                    )
                ),
        ];

    void Remember(Clause clause)
    {
        foreach (var spoken in Spoken)
        foreach (var (term, _) in Stems(spoken, clause))
            matched.Add((spoken.Stems, term));
    }

    /// <summary>The terms and how far each stands from the first that says something.</summary>
    static List<(string Term, int Step)> Stems(Tongue spoken, Clause clause)
    {
        var stems = new List<(string Term, int Step)>();
        var first = 0;
        for (var at = 0; at < clause.Words.Count; at++)
            if (spoken.FormOf(clause.Words[at]).Stem is { } stem)
            {
                if (stems.Count == 0)
                    first = at;
                stems.Add((stem, at - first));
            }
        return stems;
    }

    ReadOnlyMemory<uint>[] Matching(ushort space, string term)
    {
        matched.Add((space, term));
        return Lists(space, term);
    }

    ReadOnlyMemory<uint>[] Lists(ushort space, string term)
    {
        var key = Terms.Key(space, term);
        return
        [
            .. standing.Views.Select(view =>
                view.Segment.Terms.Find(key) is { } found ? view.Segment.Terms.ListOf(found) : default
            ),
        ];
    }

    ReadOnlyMemory<uint>[] InPhrase(ushort space, List<(string Term, int Step)> terms)
    {
        var keys = terms.ConvertAll(term => (Terms.Key(space, term.Term), term.Step));
        return [.. standing.Views.Select(view => Phrases.In(view.Segment.Terms, keys))];
    }

    ReadOnlyMemory<uint>[] Union(List<(ReadOnlyMemory<uint>[] Lists, int Percent)> lists) =>
        [
            .. standing.Views.Select(
                (view, i) =>
                    Querying.Union.Of(lists.ConvertAll(list => (list.Lists[i], list.Percent)), view.Segment.Count)
            ),
        ];
}
