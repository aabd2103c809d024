using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Kontor.Imports.Extracting;

namespace Kontor.Imports.Mapping;

/// <summary>Texts of feeds made clean.</summary>
static partial class Texts
{
    /// <summary>The text of HTML, with blanks for breaks; entities become their letters, those that were written twice too.</summary>
    public static string Plain(string html)
    {
        if (html.AsSpan().IndexOfAny('<', '&') < 0)
            return html;
        var text = html;
        if (text.Contains('<'))
        {
            text = Breaks.Replace(text, " $0");
            using var document = new HtmlParser().ParseDocument(text);
            foreach (var unread in document.QuerySelectorAll("script, style, template"))
                unread.Remove();
            text = document.Body?.TextContent ?? "";
        }
        for (var i = 0; i < 2 && text.Contains('&'); i++)
            text = WebUtility.HtmlDecode(text);
        return OneLine(text);
    }

    public static string OneLine(string text)
    {
        var isClean = true;
        for (var i = 0; i < text.Length && isClean; i++)
            isClean =
                text[i] > ' ' && text[i] != '\u00a0' && !char.IsControl(text[i])
                || (text[i] == ' ' && i > 0 && text[i - 1] != ' ');
        return isClean ? text : Gaps.Replace(text, " ").Trim();
    }

    /// <summary>A key out of any text: other signs become '-'.</summary>
    public static string Key(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var sign in text)
            if (char.IsAsciiLetterOrDigit(sign) || (key.Length > 0 && sign is '.' or '_' or ':'))
                key.Append(sign);
            else if (key.Length > 0 && key[^1] != '-')
                key.Append('-');
        return key.ToString(0, Math.Min(key.Length, 100)).TrimEnd('-');
    }

    public static string Slug(string text) =>
        string.Join('-', SlugWords.Matches(Key(text).ToLowerInvariant()).Select(word => word.Value));

    /// <summary>UTF-8 that was once read as Windows-1252 is read again; what is no such text stays as it is.</summary>
    public static string Unmangled(string text)
    {
        if (text.AsSpan().IndexOfAny("ÃÂâ€") < 0)
            return text;
        var narrow = Encodings.Of("windows-1252");
        var bytes = narrow?.GetBytes(text) ?? [];
        return narrow?.GetString(bytes) == text && System.Text.Unicode.Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : text;
    }

    /// <summary>At most so long, cut where a word ends and never inside a pair of surrogates.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var end = text.LastIndexOf(' ', length);
        if (end <= 0)
            end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end];
    }

    public static bool HasMarkup(string text) => text.Contains('<') && Markup.IsMatch(text);

    public static bool IsKey(string text)
    {
        if (text.Length is 0 or > 100 || !char.IsAsciiLetterOrDigit(text[0]))
            return false;
        foreach (var sign in text)
            if (!char.IsAsciiLetterOrDigit(sign) && sign is not ('.' or '_' or ':' or '-'))
                return false;
        return true;
    }

    public static bool IsSlug(string text) =>
        text.Length is > 0 and <= 100 && SlugForm.IsMatch(text) && !Guid.TryParseExact(text, "D", out _);

    [GeneratedRegex(
        @"<(br|/p|/li|/div|/h[1-6]|/td|/tr)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Breaks { get; }

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Gaps { get; }

    [GeneratedRegex("[a-z0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SlugWords { get; }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SlugForm { get; }

    [GeneratedRegex("<[a-zA-Z/!?]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Markup { get; }
}
