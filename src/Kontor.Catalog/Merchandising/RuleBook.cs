using System.Collections.Frozen;
using Kontor.Search;

namespace Kontor.Catalog.Merchandising;

/// <summary>What merchandisers have to say to one search, in the words of <see cref="SearchQuery"/> and within its bounds.</summary>
sealed record Merchandise(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Synonyms,
    IReadOnlyList<Guid> Pins,
    IReadOnlyList<SearchBoost> Boosts
);

/// <summary>All synonyms and rules as they stood at one moment, laid out so that a search looks only at those that may concern
/// it. Never changed.</summary>
sealed class RuleBook
{
    public static readonly RuleBook Empty = new([], []);

    /// <summary>As they stand.</summary>
    public static async Task<RuleBook> Read(CatalogDatabase database, CancellationToken stop) =>
        new(await SynonymSet.Table.All(database, stop), await SearchRule.Table.All(database, stop));

    readonly FrozenDictionary<string, SynonymSet[]> sets;

    /// <summary>In the order in which they count.</summary>
    readonly Known[] rules;

    /// <summary>Places of rules by the whole text, by category where they name no text, and of all others.</summary>
    readonly FrozenDictionary<string, int[]> byText;
    readonly FrozenDictionary<string, int[]> byCategory;
    readonly int[] others;

    public RuleBook(IEnumerable<SynonymSet> synonyms, IEnumerable<SearchRule> rules)
    {
        sets = synonyms
            .SelectMany(set => Heads(set).Select(word => (Word: word, Set: set)))
            .GroupBy(head => head.Word, head => head.Set, StringComparer.Ordinal)
            .ToFrozenDictionary(
                head => head.Key,
                head =>
                    head.OrderByDescending(set => set.Locale?.Length ?? 0)
                        .ThenBy(set => set.Key, StringComparer.Ordinal)
                        .ToArray(),
                StringComparer.Ordinal
            );
        this.rules =
        [
            .. rules
                .OrderBy(rule => rule.Priority)
                .ThenBy(rule => rule.Key, StringComparer.Ordinal)
                .Select(rule => new Known(rule, [.. rule.When.Texts.Select(Joined)])),
        ];
        var places = Enumerable.Range(0, this.rules.Length).ToList();
        byText = Places(places.Where(at => IsWhole(at)), at => this.rules[at].Texts);
        byCategory = Places(places.Where(at => IsOfCategory(at)), at => [this.rules[at].Rule.When.Category!]); // As it is one.
        others = [.. places.Where(at => !IsWhole(at) && !IsOfCategory(at))];
    }

    /// <summary>What concerns a search.</summary>
    /// <param name="text">What was typed; null: nothing.</param>
    /// <param name="category">The key of the category that is looked at.</param>
    /// <param name="locale">A canonical language tag; null: no language.</param>
    public Merchandise RulesFor(string? text, string? category, string? channel, string? locale, DateTimeOffset now)
    {
        var words = text is null ? [] : SearchWords.Of(text);
        var joined = text is null ? null : $" {string.Join(' ', words)} ";
        var (pins, boosts) = (new List<Guid>(), new List<SearchBoost>());
        foreach (var at in Concerned(joined, category))
            if (Holds(rules[at], joined, category, channel, locale, now))
            {
                pins.AddRange(rules[at].Rule.Pins.Except(pins).Take(SearchRule.MaxPins - pins.Count));
                boosts.AddRange(
                    rules[at]
                        .Rule.Boosts.Where(boost =>
                            !boosts.Exists(b => (b.Field, b.Value) == (boost.Field, boost.Value))
                        )
                        .Select(boost => new SearchBoost(boost.Field, boost.Value, boost.Percent))
                        .Take(SearchQuery.MaxBoosts - boosts.Count)
                        .ToList()
                );
            }
        return new(SynonymsOf(words, locale), pins, boosts);
    }

    Dictionary<string, IReadOnlyList<string>> SynonymsOf(IReadOnlyList<string> words, string? locale)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var word in words.Distinct(StringComparer.Ordinal))
            if (sets.TryGetValue(word, out var known))
            {
                string[] same =
                [
                    .. known
                        .Where(set => Covers(set.Locale, locale))
                        .SelectMany(set => set.Words)
                        .DistinctBy(Joined, StringComparer.Ordinal)
                        .Where(other => Joined(other) != $" {word} ")
                        .Take(SearchQuery.MaxSynonyms),
                ];
                if (same.Length > 0)
                    found[word] = same;
            }
        return found;
    }

    IEnumerable<int> Concerned(string? joined, string? category)
    {
        int[] none = [];
        var whole = joined is null ? none : byText.GetValueOrDefault(joined, none);
        var ofCategory = category is null ? none : byCategory.GetValueOrDefault(category, none);
        return whole.Length + ofCategory.Length == 0 ? others : whole.Concat(ofCategory).Concat(others).Order();
    }

    static bool Holds(
        Known known,
        string? joined,
        string? category,
        string? channel,
        string? locale,
        DateTimeOffset now
    )
    {
        var when = known.Rule.When;
        return (when.Category is null || when.Category == category)
            && (when.Channel is null || when.Channel == channel)
            && Covers(when.Locale, locale)
            && !(now < when.ValidFrom)
            && !(now >= when.ValidUntil)
            && (
                known.Texts.Length == 0
                || (
                    joined is not null
                    && known.Texts.Any(text =>
                        when.IsPart ? joined.Contains(text, StringComparison.Ordinal) : joined == text
                    )
                )
            );
    }

    /// <summary>The language itself, or a wider one.</summary>
    static bool Covers(string? named, string? locale) =>
        named is null
        || named == locale
        || (locale?.StartsWith(named, StringComparison.Ordinal) == true && locale[named.Length] == '-');

    /// <summary>Words that lead to the others of their set.</summary>
    static IEnumerable<string> Heads(SynonymSet set) =>
        (set.From ?? set.Words)
            .Select(text => SearchWords.Of(text))
            .Where(words => words.Count == 1)
            .Select(words => words[0])
            .Distinct(StringComparer.Ordinal);

    /// <summary>The words of a text with a space before and behind each, so that whole words are compared.</summary>
    static string Joined(string text) => $" {string.Join(' ', SearchWords.Of(text))} ";

    bool IsWhole(int at) => rules[at].Texts.Length > 0 && !rules[at].Rule.When.IsPart;

    bool IsOfCategory(int at) => rules[at] is { Texts.Length: 0, Rule.When.Category: not null };

    static FrozenDictionary<string, int[]> Places(IEnumerable<int> places, Func<int, IEnumerable<string>> keys) =>
        places
            .SelectMany(at => keys(at).Distinct(StringComparer.Ordinal).Select(key => (Key: key, At: at)))
            .GroupBy(place => place.Key, place => place.At, StringComparer.Ordinal)
            .ToFrozenDictionary(place => place.Key, place => place.ToArray(), StringComparer.Ordinal);

    sealed record Known(SearchRule Rule, string[] Texts);
}
