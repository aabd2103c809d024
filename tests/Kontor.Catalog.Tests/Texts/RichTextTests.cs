using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using Kontor.Catalog.Texts;

namespace Kontor.Catalog.Tests.Texts;

public sealed class RichTextTests
{
    static readonly string[] Elements =
    [
        .. "a b blockquote br caption code dd div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li mark ol p pre s small span strong sub sup table tbody td tfoot th thead tr u ul".Split(
            ' '
        ),
    ];
    static readonly string[] Attributes =
    [
        .. "href target rel src alt width height start colspan rowspan scope lang dir".Split(' '),
    ];

    public static TheoryData<string> Vectors =>
        [
            "<script>alert(1)</script>",
            "<ScRiPt src=//evil.example/x.js></sCrIpT>",
            "<<script>script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<img src=\"https://a.example/x.png\" onerror=alert(1)>",
            "<img/src=`x`onerror=alert(1)>",
            "<img src=javascript:alert(1)>",
            "<img src=data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+>",
            "<img srcset=\"https://a.example 1x, javascript:alert(1) 2x\">",
            "<a href=javascript:alert(1)>x</a>",
            "<a href=\" javascript:alert(1)\">x</a>",
            "<a href=\"java&#10;script:alert(1)\">x</a>",
            "<a href=\"java\tscript:alert(1)\">x</a>",
            "<a href=\"&#1;javascript:alert(1)\">x</a>",
            "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61lert(1)\">x</a>",
            "<a href=\"javascript&colon;alert(1)\">x</a>",
            "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
            "<a href=\"vbscript:msgbox(1)\">x</a>",
            "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
            "<a href=\"file:///etc/passwd\">x</a>",
            "<a href=x ping=https://evil.example>x</a>",
            "<a href=https://a.example target=evil>x</a>",
            "<iframe src=https://evil.example></iframe>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<object data=x><param name=a></object><embed src=x>",
            "<form action=https://evil.example><input name=a><button formaction=javascript:alert(1)>x</button></form>",
            "<base href=https://evil.example/>",
            "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
            "<link rel=stylesheet href=https://evil.example/x.css>",
            "<style>@import 'https://evil.example/x.css';</style>",
            "<p style=\"background:url(javascript:alert(1))\">x</p>",
            "<p style=\"width:expression(alert(1))\" id=x class=y name=z>x</p>",
            "<div onclick=alert(1) ONMOUSEOVER=alert(2) data-x=1>x</div>",
            "<body onload=alert(1)><frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
            "</body></html><script>alert(1)</script>",
            "<svg onload=alert(1)></svg>",
            "<svg><script>alert(1)</script></svg>",
            "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
            "<svg><animate onbegin=alert(1) attributeName=x></svg>",
            "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
            "<math href=javascript:alert(1)>x</math>",
            "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
            "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
            "<svg><style><img src=\"</style><img src=x onerror=alert(1)//\">",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<noembed><img title=\"</noembed><img src onerror=alert(1)>\"></noembed>",
            "<textarea><img title=\"</textarea><img src onerror=alert(1)>\"></textarea>",
            "<title><img title=\"</title><img src onerror=alert(1)>\"></title>",
            "<xmp><img title=\"</xmp><img src onerror=alert(1)>\"></xmp>",
            "<template><script>alert(1)</script><img src=x onerror=alert(1)></template>",
            "<template><template><svg onload=alert(1)></template></template>",
            "<select><template><img src=x onerror=alert(1)></template></select>",
            "<table><svg><tr><td><script>alert(1)</script></td></tr></svg></table>",
            "<p><svg><p><style><!--</style><img src=x onerror=alert(1)>--></style>",
            "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
            "<!--><img src=x onerror=alert(1)>-->",
            "<![CDATA[<img src=x onerror=alert(1)>]]>",
            "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
            "<?xml version=1?><?php <img src=x onerror=alert(1)> ?>",
            "<img alt=\"<img src=x onerror=alert(1)>\" src=https://a.example/x.png>",
            "<img alt=\"`&gt;&lt;script&gt;alert(1)&lt;/script&gt;\" src=https://a.example/x.png>",
            "<plaintext><script>alert(1)</script>",
            "<video src=x onerror=alert(1)><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
            "<details open ontoggle=alert(1)>x</details><marquee onstart=alert(1)>x</marquee>",
            "<x:script xmlns:x=http://www.w3.org/1999/xhtml>alert(1)</x:script>",
            "<a href=https://a.example\u2028onclick=alert(1)>x</a>",
            "<p \"onclick=\"alert(1)\" '><b/onclick=alert(1)>x",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "&amp;lt;script&amp;gt;alert(1)",
            "<font><section><custom-element onclick=alert(1)><p>x</p></custom-element></section></font>",
        ];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Nothing_that_can_do_harm_is_left(string vector)
    {
        foreach (
            var given in new[] { vector, $"<p>a{vector}b</p>", $"<table><tr><td>{vector}", $"<ul><li><b>{vector}" }
        )
        {
            var cleaned = RichText.Clean(given);
            Assert.Null(cleaned.Fault);
            IsSafe(cleaned.Html ?? "");
            Assert.Equal(cleaned.Html, RichText.Clean(cleaned.Html ?? "").Html);
            Assert.Empty(RichText.Clean(cleaned.Html ?? "").Removed);
        }
    }

    /// <summary>Texts put together of what parsers trip over.</summary>
    [Fact]
    public void Whatever_is_given_is_safe_and_stays_as_it_is()
    {
        string[] parts =
        [
            .. "<p> </p> <b> </b> <a href=javascript:x> </a> <svg> </svg> <math> </math> <mtext> <mglyph> <style> </style> <!-- --> <![CDATA[ ]]> <script> </script> <table> <tr> <td> </table> <form> </form> <template> </template> <noscript> </noscript> <select> </select> <title> </title> <textarea> </textarea> <section> </section> <center> </center> <li> <h1> </h1> <div> </div> <img src=x onerror=y> <br/> & &lt; &gt; &amp; < > \" ' x <foreignObject> <annotation-xml encoding=text/html> <desc> </body> </html> <frameset> <font size=1 color=x> </font> <span lang=de>".Split(
                ' '
            ),
        ];
        Gen.Int[0, parts.Length - 1]
            .Select(number => parts[number])
            .Array[0, 25]
            .Sample(
                some =>
                {
                    var cleaned = RichText.Clean(string.Concat(some));
                    if (cleaned.Fault is not null)
                        return;
                    IsSafe(cleaned.Html ?? "");
                    Assert.Equal(cleaned.Html, RichText.Clean(cleaned.Html ?? "").Html);
                },
                iter: 3_000,
                threads: 1
            );
    }

    [Theory]
    [InlineData("Plain & simple", "Plain &amp; simple", "")]
    [InlineData(
        "<h2>Tea</h2><p>A <strong>fine</strong> one.</p>",
        "<h2>Tea</h2><p>A <strong>fine</strong> one.</p>",
        ""
    )]
    [InlineData("<p>a<script>x</script>b</p>", "<p>ab</p>", "<script>")]
    [InlineData("<p onclick=\"x()\" class=\"y\">a</p>", "<p>a</p>", "class onclick")]
    [InlineData("<section><p>a</p></section>", "<p>a</p>", "<section>")]
    [InlineData("<a href=\"/tea?a=1&amp;b=2\">t</a>", "<a href=\"/tea?a=1&amp;b=2\">t</a>", "")]
    [InlineData(
        "<a rel=x target=_blank href=https://a.example>t</a>",
        "<a target=\"_blank\" href=\"https://a.example\" rel=\"nofollow noopener\">t</a>",
        ""
    )]
    [InlineData("<a href=https://a.example target=_top>t</a>", "<a href=\"https://a.example\">t</a>", "target")]
    [InlineData("<a href='//evil.example'>t</a>", "<a>t</a>", "href")]
    [InlineData("<a href='/\\evil.example'>t</a>", "<a>t</a>", "href")]
    [InlineData("<a href='\\\\evil.example'>t</a>", "<a>t</a>", "href")]
    [InlineData("<a href=mailto:a@b.example>t</a>", "<a href=\"mailto:a@b.example\">t</a>", "")]
    [InlineData("<a href=javascript:x>t</a>", "<a>t</a>", "href")]
    [InlineData("<img src=https://a.example/a.png alt=A>", "<img src=\"https://a.example/a.png\" alt=\"A\">", "")]
    [InlineData("<img src=http://a.example/a.png>", null, "<img>")]
    [InlineData("<img src=//a.example/a.png>", null, "<img>")]
    [InlineData("<script>x</script>", null, "<script>")]
    [InlineData("a<!-- b -->c", "ac", "<!-- -->")]
    public void What_is_left_and_what_went_is_told(string given, string? left, string removed)
    {
        var cleaned = RichText.Clean(given);

        Assert.Equal((left, removed), (cleaned.Html, string.Join(' ', cleaned.Removed)));
    }

    /// <summary>Of thousands of formatting elements that differ a parser makes the square of them, and of a hundred thousand
    /// nested ones some programs make an end.</summary>
    [Theory]
    [InlineData("<b a=@>", "</p><p>x")]
    [InlineData("<b lang=@>", "</p><p>x")]
    [InlineData("<a href=@><i dir=@>", "</p><p>x")]
    [InlineData("<div>", "x")]
    [InlineData("<table><tr><td>", "x")]
    public void Markup_that_grows_is_bounded(string opening, string then)
    {
        var times = 4_900 / (opening.Count(c => c == '<') + then.Count(c => c == '<'));
        var given =
            $"<p>{string.Concat(Enumerable.Range(0, times).Select(i => opening.Replace("@", $"{i}", StringComparison.Ordinal)))}{string.Concat(Enumerable.Repeat(then, times))}";

        var cleaned = RichText.Clean(given);

        Assert.True(cleaned.Fault is not null || cleaned.Html!.Length <= RichText.MaxLength);
        Assert.True(Parsed(cleaned.Html ?? "").QuerySelectorAll("*").Length < 50_000);
    }

    [Fact]
    public void Formatting_that_is_opened_again_in_every_block_is_kept_three_times_at_most()
    {
        var opened = string.Concat(Enumerable.Range(0, 200).Select(i => $"<b lang=x-{i}>"));

        var cleaned = RichText.Clean($"<p>{opened}{string.Concat(Enumerable.Repeat("</p><p>x", 100))}");

        Assert.Null(cleaned.Fault);
        Assert.True(Parsed(cleaned.Html!).QuerySelectorAll("*").Length < 1_000);
    }

    [Fact]
    public void What_is_too_long_or_has_too_many_tags_is_refused()
    {
        Assert.Null(RichText.Clean(new string('x', RichText.MaxLength)).Fault);
        Assert.NotNull(RichText.Clean(new string('x', RichText.MaxLength + 1)).Fault);
        Assert.NotNull(RichText.Clean(new string('x', 200_000)).Fault);
        Assert.NotNull(RichText.Clean(string.Concat(Enumerable.Repeat("<br>", 5_001))).Fault);
    }

    /// <summary>Read by a parser alone: nothing but what may be there.</summary>
    static void IsSafe(string html)
    {
        foreach (var parser in new[] { new HtmlParser(), new HtmlParser(new() { IsScripting = true }) })
        foreach (var element in Parsed(html, parser).QuerySelectorAll("*"))
        {
            Assert.Equal(NamespaceNames.HtmlUri, element.NamespaceUri);
            Assert.Contains(element.LocalName, Elements);
            foreach (var attribute in element.Attributes)
                Assert.Contains(attribute.Name, Attributes);
            if (element.GetAttribute("src") is { } src)
                Assert.StartsWith("https://", src, StringComparison.OrdinalIgnoreCase);
            if (element.GetAttribute("href") is { } href)
                Assert.DoesNotMatch(@"^[\s\p{C}]*(?!https?:|mailto:|tel:)[a-zA-Z][\w+.\p{C}\s-]*:", href);
            if (element.GetAttribute("target") is not null)
                Assert.Equal("nofollow noopener", element.GetAttribute("rel"));
        }
        Assert.DoesNotContain("<!", html, StringComparison.Ordinal);
    }

    static IElement Parsed(string html, HtmlParser? parser = null)
    {
        var holder = new HtmlParser().ParseDocument("<!doctype html><body><div></div>").QuerySelector("div")!;
        holder.AppendNodes([.. (parser ?? new HtmlParser()).ParseFragment(html, holder)]);
        return holder;
    }
}
