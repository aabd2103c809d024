using System.Text.Json;
using Kontor.Catalog.Prices;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Npgsql;

namespace Kontor.Catalog.Merchandising;

/// <summary>A rule of what searches show first.</summary>
/// <param name="Priority">The rule with the lowest number stands first; of two with one number the lesser key.</param>
/// <param name="When">When it holds.</param>
/// <param name="Pins">Ids of products that come first, in this order.</param>
/// <param name="Boosts">What counts for more or less.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
sealed record SearchRule(
    string Key,
    string Title,
    int Priority,
    SearchRuleCondition When,
    IReadOnlyList<Guid> Pins,
    IReadOnlyList<SearchRuleBoost> Boosts,
    long Version
) : IKeyed
{
    public const int MaxRules = 5_000;
    public const int MaxTexts = 20;
    public const int MaxTextLength = 200;
    public const int MaxPins = 100;
    public const int MaxBoosts = 100;

    public static readonly KeyedTable<SearchRule> Table = new(
        "search_rules",
        "search-rules",
        "search-rule",
        "key, title, priority, texts, is_part, category, channel, locale, valid_from, valid_until, pins, boosts::text, version"
    )
    {
        Of = Read,
        NotFound = Rejections.SearchRuleNotFound,
        Most = (MaxRules, Rejections.SearchRulesFull),
    };

    static SearchRule Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetInt32(2),
            new(
                row.GetFieldValue<string[]>(3),
                row.GetBoolean(4),
                row.TextOrNull(5),
                row.TextOrNull(6),
                row.TextOrNull(7),
                row.MomentOrNull(8),
                row.MomentOrNull(9)
            ),
            row.GetFieldValue<Guid[]>(10),
            JsonSerializer.Deserialize<List<SearchRuleBoost>>(row.GetString(11), KontorJson.Options)!, // Never null.
            row.GetInt64(12)
        );
}
