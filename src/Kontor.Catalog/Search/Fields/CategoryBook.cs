using System.Collections.Frozen;
using Kontor.Catalog.Texts;

namespace Kontor.Catalog.Search.Fields;

/// <summary>A category as search knows it.</summary>
/// <param name="Placed">Products that have a place in it, the first one first.</param>
sealed record KnownCategory(string Key, TitleRow Title, string? Parent, IReadOnlyList<Guid> Placed);

/// <summary>The categories by key.</summary>
sealed class CategoryBook(IEnumerable<KnownCategory> categories)
{
    public static readonly CategoryBook Empty = new([]);

    readonly FrozenDictionary<string, KnownCategory> byKey = categories.ToFrozenDictionary(
        category => category.Key,
        StringComparer.Ordinal
    );

    public IEnumerable<KnownCategory> All => byKey.Values;

    public KnownCategory? Find(string key) => byKey.GetValueOrDefault(key);

    public string? TitleOf(string key, LocaleChain? chain) =>
        Find(key)?.Title is not { } title ? null
        : chain is null ? title.Title
        : title.In(chain).Text;
}
