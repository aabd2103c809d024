using Kontor.Catalog.Merchandising;
using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of synonyms and search rules.</content>
public static partial class Rejections
{
    public static readonly Rejection SynonymsNotFound = new(
        "SYNONYMS_NOT_FOUND",
        404,
        "There are no synonyms with this key."
    );
    public static readonly Rejection SynonymsFull = new(
        "SYNONYMS_FULL",
        409,
        $"There are at most {SynonymSet.MaxSets} sets of synonyms; remove one, or put words into one that is there."
    );
    public static readonly Rejection SearchRuleNotFound = new(
        "SEARCH_RULE_NOT_FOUND",
        404,
        "There is no search rule with this key."
    );
    public static readonly Rejection SearchRulesFull = new(
        "SEARCH_RULES_FULL",
        409,
        $"There are at most {SearchRule.MaxRules} search rules; remove those that are over."
    );
}
