using System.Collections.Frozen;

namespace Kontor.Imports.Matching;

/// <summary>Brands in one spelling: without case, punctuation and legal forms, and by the aliases that are given.</summary>
sealed class Brands(IReadOnlyDictionary<string, string> aliases)
{
    static readonly FrozenSet<string> LegalForms = FrozenSet.Create(
        StringComparer.Ordinal,
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "ag",
        "co",
        "corp",
        "corporation",
        "company",
        "as",
        "asa",
        "ab",
        "sa",
        "bv",
        "kg",
        "plc",
        "limited"
    );

    readonly FrozenDictionary<string, string> known = aliases.ToFrozenDictionary(
        alias => Plain(alias.Key),
        alias => Plain(alias.Value),
        StringComparer.Ordinal
    );

    public string? Of(string? brand)
    {
        if (string.IsNullOrWhiteSpace(brand))
            return null;
        var plain = Plain(brand);
        return plain.Length == 0 ? null : known.GetValueOrDefault(plain, plain);
    }

    /// <summary>One is the other, or begins with it: HP and HP Compaq, TP-Link and TP Link.</summary>
    public static bool Agree(string one, string other) =>
        one == other
        || (one.Length >= 2 && other.StartsWith(one, StringComparison.Ordinal))
        || (other.Length >= 2 && one.StartsWith(other, StringComparison.Ordinal));

    static string Plain(string brand)
    {
        var words = Words.Fold(brand).Split([' ', ',', '.', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        var count = words.Length;
        while (count > 1 && LegalForms.Contains(words[count - 1]))
            count--;
        return Words.Compact(string.Concat(words[..count]));
    }
}
