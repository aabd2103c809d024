using System.Collections.Frozen;

namespace Kontor.Catalog.Products;

/// <summary>How letters outside ASCII are spelled within it.</summary>
/// <remarks>A table of our own: the program runs with invariant globalisation, in which string.Normalize gives back
/// whatever it gets.</remarks>
static class PlainLetters
{
    static readonly FrozenDictionary<char, string> Spelled = Read(
        ("a", "àáâãäåāăąǎȁȃǻạảấầẩẫậắằẳẵặ"),
        ("ae", "æǽ"),
        ("c", "çćĉċč"),
        ("d", "ďđð"),
        ("e", "èéêëēĕėęěȅȇẹẻẽếềểễệ"),
        ("g", "ĝğġģǧ"),
        ("h", "ĥħ"),
        ("i", "ìíîïĩīĭįıİǐȉȋỉị"),
        ("j", "ĵ"),
        ("k", "ķǩ"),
        ("l", "ĺļľŀł"),
        ("n", "ñńņňŉŋ"),
        ("o", "òóôõöøōŏőơǒǿȍȏọỏốồổỗộớờởỡợ"),
        ("oe", "œ"),
        ("r", "ŕŗřȑȓ"),
        ("s", "śŝşšș"),
        ("ss", "ßẞ"),
        ("t", "ţťŧț"),
        ("th", "þ"),
        ("u", "ùúûüũūŭůűųưǔȕȗụủứừửữự"),
        ("w", "ŵẁẃẅ"),
        ("y", "ýÿŷỳỵỷỹ"),
        ("z", "źżž")
    );

    public static string? Of(char letter) => Spelled.GetValueOrDefault(letter);

    static FrozenDictionary<char, string> Read(params ReadOnlySpan<(string Plain, string Letters)> groups)
    {
        var spelled = new Dictionary<char, string>();
        foreach (var (plain, letters) in groups)
        foreach (var letter in letters)
        {
            spelled[letter] = plain;
            spelled[char.ToUpperInvariant(letter)] = plain;
        }
        return spelled.ToFrozenDictionary();
    }
}
