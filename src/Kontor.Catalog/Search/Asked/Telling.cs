using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Catalog.Search.Fields;
using Kontor.Catalog.Search.Following;
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
    public static IReadOnlyDictionary<string, HighlightView>? Highlights(
        ShopIndex shop,
        MatchedWords words,
        IReadOnlyList<ProductCard> cards,
        string shopLanguage
    )
    {
        var told = new Dictionary<string, HighlightView>(StringComparer.Ordinal);
        foreach (var card in cards)
        {
            using var product = JsonDocument.Parse(card.Json);
            var (title, description) = (
                Marks(shop, words, product.RootElement, "title", shopLanguage),
                Marks(shop, words, product.RootElement, "description", shopLanguage)
            );
            if (title is not null || description is not null)
                told[card.Id.ToString()] = new(title, description);
        }
        return told.Count == 0 ? null : told;
    }

    static IReadOnlyList<MarkView>? Marks(
        ShopIndex shop,
        MatchedWords words,
        JsonElement product,
        string member,
        string shopLanguage
    )
    {
        if (!product.TryGetProperty(member, out var text) || text.GetString() is not { } shown)
            return null;
        var language =
            product.TryGetProperty("locales", out var locales) && locales.TryGetProperty(member, out var locale)
                ? locale.GetString()!
                : shopLanguage;
        return Marks(shop, words, shown, language);
    }

    public static IReadOnlyList<MarkView>? Marks(ShopIndex shop, MatchedWords words, string text, string language)
    {
        var marks = shop.Index.Marks(words, text, language);
        return marks.Count == 0 ? null : [.. marks.Take(MostMarks).Select(MarkView.Of)];
    }
}
