using Kontor.Search.Tests;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>Products that are told apart at a glance.</summary>
static class Wares
{
    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static SearchDocument Of(int number, string title, long? price = 100, string language = ToyLanguage.Tag) =>
        new(
            Id(number),
            Goods.Noon,
            [new("title", title, language)],
            [new(Goods.Variant(Id(number), 1), Availability.InStock, [new("EUR", price)])]
        );

    public static SearchQuery Query(string text = "") =>
        new(Goods.Noon)
        {
            Text = text,
            Language = ToyLanguage.Tag,
            Books = ["EUR"],
            Order = SearchOrder.Price(),
        };

    public static async Task<string> Found(ISearchEngine engine, SearchQuery query) =>
        string.Join(
            ' ',
            (await engine.Find(query, TestContext.Current.CancellationToken)).Hits.Select(hit =>
                $"{int.Parse(hit.Id.ToString()[..8], System.Globalization.NumberStyles.HexNumber)}:{hit.Price}"
            )
        );

    public static Task<string> Found(ISearchEngine engine, string text = "") => Found(engine, Query(text));
}
