using System.Text.RegularExpressions;

namespace Kontor.Catalog.Texts;

/// <summary>Language tags: BCP 47, well-formed by the grammar of RFC 5646, in its canonical case.</summary>
static partial class Locale
{
    public const string Rule = "A language tag of BCP 47, such as de, de-AT or zh-Hant-TW.";

    /// <summary>RFC 5646, 4.4.1: as much as every program should hold.</summary>
    const int MaxLength = 35;

    /// <summary>The tag in its canonical case (de-AT, zh-Hant-TW); null where it is none.</summary>
    /// <remarks>Whether its parts are registered is not asked: the registry grows, and a shop's own tag does no harm. The
    /// seventeen irregular tags of RFC 3066 (i-klingon) are refused, for others stand in their place since.</remarks>
    public static string? Canonical(string? written)
    {
        if (written is not { Length: > 1 and <= MaxLength } || !Form.IsMatch(written))
            return null;
        var parts = written.ToLowerInvariant().Split('-');
        var extensions = Array.FindIndex(parts, part => part.Length == 1);
        var own = extensions < 0 ? parts.Length : extensions;
        if (IsTwice(parts[1..Math.Max(own, 1)].Where(IsVariant)) || IsTwice(Singletons(parts)))
            return null;
        for (var i = 1; i < own; i++)
            parts[i] = parts[i] switch
            {
                { Length: 2 } region => region.ToUpperInvariant(),
                { Length: 4 } script when char.IsAsciiLetter(script[0]) =>
                    $"{char.ToUpperInvariant(script[0])}{script[1..]}",
                var part => part,
            };
        return string.Join('-', parts);
    }

    /// <summary>A canonical tag and what is left of it from behind, most particular first: zh-Hant-TW, zh-Hant, zh.</summary>
    /// <remarks>RFC 4647, 3.4: a letter that only opens an extension goes with it.</remarks>
    public static IEnumerable<string> Widened(string canonical)
    {
        for (var tag = canonical; tag.Length > 0; )
        {
            yield return tag;
            var end = Math.Max(tag.LastIndexOf('-'), 0);
            if (end >= 2 && tag[end - 2] == '-')
                end -= 2;
            // What is only for private use has nothing wider.
            tag = end == 1 ? "" : tag[..end];
        }
    }

    static bool IsVariant(string part) => part.Length >= 5 || (part.Length == 4 && char.IsAsciiDigit(part[0]));

    /// <summary>The letters that open extensions; behind x everything is private.</summary>
    static IEnumerable<string> Singletons(string[] parts) =>
        parts.TakeWhile(part => part != "x").Where(part => part.Length == 1);

    static bool IsTwice(IEnumerable<string> parts) =>
        parts.CountBy(p => p, StringComparer.Ordinal).Any(p => p.Value > 1);

    [GeneratedRegex(
        @"\A(([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?"
            + @"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-[a-wy-z0-9](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?"
            + @"|x(-[a-z0-9]{1,8})+)\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form { get; }
}
