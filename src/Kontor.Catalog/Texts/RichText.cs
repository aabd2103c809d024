using System.Collections.Frozen;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace Kontor.Catalog.Texts;

/// <param name="Html">What is left; null where nothing is, or where <paramref name="Fault"/> says why none can be.</param>
/// <param name="Removed">What was taken out, by name: &lt;script&gt;, onclick.</param>
sealed record Cleaned(string? Html, IReadOnlyList<string> Removed, string? Fault = null);

/// <summary>Rich texts: a part of HTML that can stand in any page and do no harm there.</summary>
/// <remarks>
/// Pages of others show what is stored here as it is, so nothing else is ever stored. The text is parsed as browsers parse
/// it, what is not in the lists goes, and what is left is parsed again until it stays as it is: what a browser makes of it
/// is what was judged, and no second reading makes an element of what was a text (mutation XSS).
/// </remarks>
static class RichText
{
    public const int MaxLength = 50_000;
    const int MaxGiven = 100_000;
    const int MaxTags = 5_000;
    const int MaxDepth = 60;
    const int MaxRounds = 6;
    const int MostTold = 20;
    const int LongestName = 40;

    static readonly FrozenSet<string> Elements = Names(
        "a b blockquote br caption code dd div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li mark ol p pre s small "
            + "span strong sub sup table tbody td tfoot th thead tr u ul"
    );

    /// <summary>Elements that are no more than a frame round what they hold: that stays.</summary>
    static readonly FrozenSet<string> Frames = Names(
        "abbr acronym address article aside bdi bdo big center cite del dfn font footer header hgroup ins kbd label main nav "
            + "nobr o:p q samp section strike time tt var wbr"
    );

    /// <summary>Elements that parsers open again in each block that follows. They take no attributes: of equal ones a
    /// parser keeps three, and of thousands that differ it would make millions.</summary>
    static readonly FrozenSet<string> Reopened = Names("b big code em font i nobr s small strike strong tt u");

    static readonly FrozenDictionary<string, FrozenSet<string>> Attributes = new Dictionary<string, FrozenSet<string>>(
        StringComparer.Ordinal
    )
    {
        ["a"] = Names("href target"),
        ["img"] = Names("src alt width height lang dir"),
        ["ol"] = Names("start lang dir"),
        ["td"] = Names("colspan rowspan lang dir"),
        ["th"] = Names("colspan rowspan scope lang dir"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static readonly FrozenSet<string> OfAll = Names("lang dir");
    static readonly FrozenSet<string> Schemes = Names("https http mailto tel");

    /// <summary>What may be stored of a text. Of what it gave before it gives the same.</summary>
    public static Cleaned Clean(string given)
    {
        if (given.Length > MaxGiven || given.AsSpan().Count('<') > MaxTags)
            return new(null, [], $"At most {MaxLength} characters, and {MaxTags} tags.");
        var removed = new SortedSet<string>(StringComparer.Ordinal);
        var html = given;
        for (var round = 0; round < MaxRounds; round++)
        {
            var next = Once(html, removed);
            if (next == html)
                return next.Length > MaxLength
                    ? new(null, [], $"At most {MaxLength} characters.")
                    : new(string.IsNullOrWhiteSpace(next) ? null : next, [.. removed.Take(MostTold)]);
            html = next;
        }
        return new(
            null,
            [],
            "The markup changes whenever it is read; close what it opens, and nest nothing that cannot be."
        );
    }

    static string Once(string html, SortedSet<string> removed)
    {
        void Tell(string name) => removed.Add(name.Length <= LongestName ? name : name[..LongestName]);

        var parser = new HtmlParser(
            new()
            {
                MaximumDepth = MaxDepth,
                ShouldEmitAttribute = (ref token, name) =>
                {
                    var (element, attribute) = (token.Name.ToString(), name.ToString());
                    if (MayHave(element, attribute))
                        return true;
                    if ((element, attribute) is not ("a", "rel"))
                        Tell(attribute);
                    return false;
                },
            }
        );
        var document = parser.ParseDocument("<!doctype html><body></body>");
        var body = document.Body!;
        // As a part of a body, where no frameset can take the body's place.
        body.AppendNodes([.. parser.ParseFragment(html, body)]);
        foreach (var frame in body.QuerySelectorAll("*").Where(IsFrame).Reverse().ToList())
        {
            Tell($"<{frame.LocalName}>");
            frame.Replace([.. frame.ChildNodes]);
        }
        Take(document, Tell);
        foreach (var element in body.QuerySelectorAll("a, img").ToList())
            Narrow(element, Tell);
        return body.ChildNodes.ToHtml();
    }

    /// <summary>The second look, by a library that others have attacked for years.</summary>
    static void Take(IHtmlDocument document, Action<string> tell)
    {
        var sanitizer = new HtmlSanitizer(Policy);
        sanitizer.RemovingTag += (_, of) => tell($"<{of.Tag.LocalName}>");
        sanitizer.RemovingAttribute += (_, of) => tell(of.Attribute.Name);
        sanitizer.RemovingComment += (_, _) => tell("<!-- -->");
        sanitizer.SanitizeDom(document, document.Body as IHtmlElement);
    }

    static HtmlSanitizerOptions Policy =>
        new()
        {
            AllowedTags = Elements.ToHashSet(StringComparer.Ordinal),
            AllowedAttributes = Attributes
                .Values.SelectMany(names => names)
                .Concat(OfAll)
                .ToHashSet(StringComparer.Ordinal),
            AllowedSchemes = Schemes.ToHashSet(StringComparer.OrdinalIgnoreCase),
            UriAttributes = Names("href src").ToHashSet(StringComparer.Ordinal),
        };

    /// <summary>Where a link may lead, and where a picture may come from.</summary>
    static void Narrow(IElement element, Action<string> tell)
    {
        if (element.GetAttribute("href") is { } href && !IsLink(href))
        {
            tell("href");
            element.RemoveAttribute("href");
        }
        if (element.LocalName == "img")
        {
            if (element.GetAttribute("src")?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) != true)
            {
                tell("<img>");
                element.Remove();
            }
            return;
        }
        if (element.GetAttribute("target") is not { } target)
            return;
        if (target == "_blank")
            element.SetAttribute("rel", "nofollow noopener");
        else
        {
            tell("target");
            element.RemoveAttribute("target");
        }
    }

    static bool IsLink(string address)
    {
        // Browsers overlook line ends and tabs inside a scheme: java&#10;script.
        if (address.Any(char.IsControl))
            return false;
        // Two slashes of either kind name another host, whatever the page's scheme is.
        if (address.TrimStart() is ['/' or '\\', '/' or '\\', ..] or ['\\', ..])
            return false;
        var end = address.AsSpan().TrimStart().IndexOfAny(":/?#");
        var scheme = end < 0 ? "" : address.TrimStart()[..end];
        return end < 0 || address.TrimStart()[end] != ':' || Schemes.Contains(scheme.ToLowerInvariant());
    }

    static bool IsFrame(IElement element) =>
        element.NamespaceUri == NamespaceNames.HtmlUri && Frames.Contains(element.LocalName);

    static bool MayHave(string element, string attribute) =>
        !Reopened.Contains(element) && Attributes.GetValueOrDefault(element, OfAll).Contains(attribute);

    static FrozenSet<string> Names(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
