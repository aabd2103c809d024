using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Catalog.Search.Fields;
using Kontor.Catalog.Texts;
using Kontor.Search;

namespace Kontor.Catalog.Search.Asked;

/// <summary>What was found, in the words of callers.</summary>
static class Telling
{
    const int MostMarks = 20;

    public static IReadOnlyList<FacetView>? Facets(
        ShopBooks books,
        MadeQuery made,
        SearchAnswer answer,
        LocaleChain? chain
    )
    {
        if (made.Facets.Count == 0)
            return null;
        var told = new List<FacetView>(made.Facets.Count);
        for (var i = 0; i < made.Facets.Count; i++)
            told.Add(Facet(books, (made.Facets[i], made.Query.Facets[i]), answer.Facets[i], chain));
        return told;
    }

    static FacetView Facet(
        ShopBooks books,
        (AskedFacet Asked, SearchFacet Made) facet,
        FacetCounts counts,
        LocaleChain? chain
    )
    {
        var field = facet.Asked.Field;
        var known = FieldBook.OfAll.Contains(field, StringComparer.Ordinal)
            ? []
            : books.Fields.Find(field, AttributeUse.Facet);
        var title = known.Count == 0 ? null : known[0].Title;
        if (facet.Made is SearchFacet.Terms)
            return new(
                field,
                title,
                [
                    .. counts.Values.Select(value => new FacetValueView(
                        value.Value,
                        value.Products,
                        field switch
                        {
                            FieldBook.Category => books.Categories.TitleOf(value.Value, chain),
                            FieldBook.Type => books.Fields.Types.GetValueOrDefault(value.Value),
                            _ when known is [{ Target: ProductTypes.ReferenceTarget.Category }] =>
                                books.Categories.TitleOf(value.Value, chain),
                            _ => null,
                        }
                    )),
                ]
            );
        return new(
            field,
            title,
            null,
            [
                .. counts.Ranges.Select(range => new FacetRangeView(
                    range.Range.From,
                    range.Range.To,
                    range.Products,
                    range.Range.IncludesTo ? true : null
                )),
            ],
            counts.Least,
            counts.Greatest
        );
    }

    /// <summary>Where the texts of cards say what was asked for.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, HighlightView>?> Highlights(
        Searched found,
        IReadOnlyList<ProductCard> cards,
        string shopLanguage,
        CancellationToken stop
    )
    {
        var texts = new List<SearchText>(cards.Count * 2);
        var shown = new List<(string Id, int Title, int Description)>(cards.Count);
        foreach (var card in cards)
        {
            using var product = JsonDocument.Parse(card.Json);
            shown.Add((card.Id.ToString(), Add("title"), Add("description")));

            int Add(string member)
            {
                if (TextOf(product.RootElement, member, shopLanguage) is not { } text)
                    return -1;
                texts.Add(text);
                return texts.Count - 1;
            }
        }
        var marks = await found.Shop.Engine.Marks(found.Made.Query, found.Answer, texts, stop);
        var told = new Dictionary<string, HighlightView>(StringComparer.Ordinal);
        foreach (var (id, title, description) in shown)
        {
            var (inTitle, inText) = (Views(marks, title), Views(marks, description));
            if (inTitle is not null || inText is not null)
                told[id] = new(inTitle, inText);
        }
        return told.Count == 0 ? null : told;
    }

    static SearchText? TextOf(JsonElement product, string member, string shopLanguage)
    {
        if (!product.TryGetProperty(member, out var text) || text.GetString() is not { } shown)
            return null;
        var language =
            product.TryGetProperty("locales", out var locales) && locales.TryGetProperty(member, out var locale)
                ? locale.GetString()!
                : shopLanguage;
        return new(member, shown, language);
    }

    static IReadOnlyList<MarkView>? Views(IReadOnlyList<IReadOnlyList<TextMark>> marks, int at) =>
        at < 0 || marks[at].Count == 0 ? null : [.. marks[at].Take(MostMarks).Select(MarkView.Of)];
}
