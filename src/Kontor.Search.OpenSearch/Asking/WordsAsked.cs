using System.Text.Json.Nodes;
using Kontor.Search.Querying;

namespace Kontor.Search.OpenSearch;

/// <summary>The text of a query as clauses of OpenSearch's.</summary>
/// <param name="forgives">Words may be mistyped.</param>
sealed class WordsAsked(SearchQuery query, Spaces spaces, bool forgives)
{
    /// <summary>One whose code is the whole text stands before all that words found.</summary>
    const double CodeScore = 1_000_000;

    const double Exact = 1;
    const double Synonym = 0.9;
    const double Begun = 0.8;
    const double Mistyped = 0.6;

    /// <summary>Of letters: one error from four, two from eight; as the index in memory has it.</summary>
    const string Errors = "AUTO:4,8";

    readonly IReadOnlyList<Clause> clauses = QueryText.Read(query.Text);

    /// <summary>Whether there is a word that a typing error may be in.</summary>
    public bool MayBeMistyped =>
        clauses.Any(clause => clause is { IsNot: false, IsPhrase: false } && MayBe(clause.Words[0]));

    /// <summary>What the words find, what has the whole text as its code, and what is pinned.</summary>
    public JsonObject Find()
    {
        var found = new List<JsonObject> { Words() };
        if (Written.Code(query.Text) is { Length: > 0 } code)
            found.Add(Dsl.Constant(Dsl.Term("codes", code), CodeScore));
        if (query.Pins.Count > 0)
            found.Add(Dsl.Constant(Dsl.Ids(query.Pins), 0));
        return Dsl.Any(found);
    }

    public JsonObject Words()
    {
        var wanted = clauses.Where(clause => !clause.IsNot).Select(Wanted).ToList();
        var excluded = clauses.Where(clause => clause.IsNot).ToList();
        if (excluded.Count == 0 && wanted is [var only])
            return only;
        if (excluded.Count == 0 && wanted.Count == 0)
            return Dsl.Everything;
        var all = new JsonObject();
        if (wanted.Count > 0)
            all["must"] = Dsl.Array(wanted);
        if (excluded.Count > 0)
            all["must_not"] = Dsl.Array(
                excluded.SelectMany(clause => InEach(clause.Words, clause.IsPhrase, Exact, isDropped: false))
            );
        return new() { ["bool"] = all };
    }

    JsonObject Wanted(Clause clause)
    {
        var ways = InEach(clause.Words, clause.IsPhrase, Exact, isDropped: true).ToList();
        if (clause.IsPhrase)
            return Dsl.Best(ways);
        var word = Spaces.Surface(clause.Words[0]);
        foreach (var same in query.Synonyms?.GetValueOrDefault(word) ?? [])
            if (Spaces.WordsOf(same).ToList() is { Count: > 0 } words)
                ways.AddRange(InEach(words, words.Count > 1, Synonym, isDropped: false));
        var completes = $"completes.{spaces.Of(query.Language)}";
        if (clause.IsBegun && query.CompletesLastWord)
            ways.Add(
                new()
                {
                    ["prefix"] = new JsonObject
                    {
                        [completes] = new JsonObject { ["value"] = word, ["boost"] = Begun },
                    },
                }
            );
        if (forgives && MayBe(clause.Words[0]))
            ways.Add(Near(completes, word));
        return Dsl.Best(ways);
    }

    static bool MayBe(string word) => !word.Any(char.IsDigit);

    static JsonObject Near(string field, string word) =>
        new()
        {
            ["fuzzy"] = new JsonObject
            {
                [field] = new JsonObject
                {
                    ["value"] = word,
                    ["fuzziness"] = Errors,
                    ["prefix_length"] = 1,
                    ["max_expansions"] = 50,
                    ["transpositions"] = true,
                    ["boost"] = Mistyped,
                },
            },
        };

    /// <summary>A word, or several as they stand, in each of the spaces that are looked in.</summary>
    /// <param name="isDropped">Where the language's analyser says that they say nothing, they are no condition.</param>
    IEnumerable<JsonObject> InEach(IReadOnlyList<string> words, bool isPhrase, double boost, bool isDropped) =>
        query
            .AlsoIn.Prepend(query.Language)
            .SelectMany(spaces.Asked)
            .Distinct(StringComparer.Ordinal)
            .Select(space => new JsonObject
            {
                ["multi_match"] = new JsonObject
                {
                    ["query"] = string.Join(' ', words),
                    ["type"] = isPhrase ? "phrase" : "best_fields",
                    ["operator"] = "and",
                    ["fields"] = Written.Strings(spaces.Weighed(space)),
                    ["zero_terms_query"] = isDropped && space != Spaces.None ? "all" : "none",
                    ["boost"] = boost,
                },
            });
}
