using System.Text.RegularExpressions;

namespace Kontor.Catalog.Texts;

/// <summary>Texts of one line without markup.</summary>
static partial class PlainText
{
    /// <summary>They are shown in pages, mails and feeds of others: what reads as markup there has no place in them.</summary>
    public static bool IsLine(string text, int maxLength) =>
        text.Length <= maxLength
        && !string.IsNullOrWhiteSpace(text)
        && !text.Any(char.IsControl)
        && !Markup.IsMatch(text);

    public static string RuleOf(int maxLength) =>
        $"1 to {maxLength} characters, none of them a control character, and no markup.";

    [GeneratedRegex("<[a-zA-Z/!?]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Markup { get; }
}
