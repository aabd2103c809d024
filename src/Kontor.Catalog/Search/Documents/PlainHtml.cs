using System.Net;
using System.Text;

namespace Kontor.Catalog.Search.Documents;

/// <summary>The words of rich text. It was cleaned when it was written: a '&lt;' opens an element.</summary>
static class PlainHtml
{
    public static string Of(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length; )
        {
            var open = html.IndexOf('<', at);
            if (open < 0)
                open = html.Length;
            text.Append(html, at, open - at);
            var close = open == html.Length ? -1 : html.IndexOf('>', open);
            // Two words with an element between them are two words.
            text.Append(' ');
            at = close < 0 ? html.Length : close + 1;
        }
        return WebUtility.HtmlDecode(text.ToString());
    }
}
