using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>Words that mean the same were named or changed.</summary>
/// <param name="Locale">Only for searches in this language or a narrower one; null: in all.</param>
/// <param name="From">Words that find the others and are not found by them; none: all find each other.</param>
[EventName("synonyms.set.v1")]
public sealed record SynonymsSet(
    string Key,
    long Version,
    string? Locale,
    IReadOnlyList<string> From,
    IReadOnlyList<string> Words
);

/// <summary>Words no longer mean the same.</summary>
[EventName("synonyms.removed.v1")]
public sealed record SynonymsRemoved(string Key);

/// <summary>A rule of what searches show first was made or changed.</summary>
/// <param name="Priority">The rule with the lowest number stands first.</param>
/// <param name="Pins">Ids of the products that come first, in order.</param>
[EventName("search-rule.set.v1")]
public sealed record SearchRuleSet(
    string Key,
    long Version,
    string Title,
    int Priority,
    SearchRuleCondition When,
    IReadOnlyList<Guid> Pins,
    IReadOnlyList<SearchRuleBoost> Boosts
);

/// <summary>When a rule holds: where all that is named is so.</summary>
/// <param name="Texts">What is looked for is one of these; none: whatever it is.</param>
/// <param name="IsPart">It is enough that one of the texts stands within it, as whole words.</param>
/// <param name="Category">The key of the category that is looked at.</param>
/// <param name="Locale">The language of the search, or a wider one.</param>
/// <param name="ValidUntil">The first moment at which it is over.</param>
public sealed record SearchRuleCondition(
    IReadOnlyList<string> Texts,
    bool IsPart,
    string? Category,
    string? Channel,
    string? Locale,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil
);

/// <summary>Products with this value count for so much: 100 percent is no difference.</summary>
public sealed record SearchRuleBoost(string Field, string Value, int Percent);

/// <summary>A rule of what searches show first is no more.</summary>
[EventName("search-rule.removed.v1")]
public sealed record SearchRuleRemoved(string Key);
