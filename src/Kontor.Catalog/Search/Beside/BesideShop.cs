using System.Collections.Concurrent;
using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Fields;
using Kontor.Catalog.Search.Following;
using Kontor.Platform.Data;
using Kontor.Search;

namespace Kontor.Catalog.Search.Beside;

/// <summary>The products of the shop in an engine that processes share.</summary>
sealed class BesideShop(ISearchEngine engine) : SearchedShop
{
    static readonly string Brand = AttributeField.TextOf("brand");

    /// <summary>As in memory, by names that a mapping can have.</summary>
    public static SearchSchema Schema { get; } =
        new([
            new("title", Boost: 4, UsualLength: 8, CompletesWords: true),
            new("brand", Boost: 3, UsualLength: 2, CompletesWords: true),
            new("seo-title", Boost: 2, UsualLength: 8),
            new("description", Boost: 1, UsualLength: 60),
            new("seo-description", Boost: 1, UsualLength: 20),
            new("body", Boost: 0.7, UsualLength: 200),
        ]);

    readonly ConcurrentDictionary<string, byte> currencies = new(StringComparer.Ordinal);

    public override ISearchEngine Engine => engine;

    public override IReadOnlyList<string> Currencies => [.. currencies.Keys.Order(StringComparer.Ordinal)];

    public void Learn(string currency) => currencies.TryAdd(currency, 0);

    public static SearchDocument Renamed(SearchDocument document) =>
        document with
        {
            Texts = [.. document.Texts.Select(text => text with { Field = NameOf(text.Field) })],
        };

    static string NameOf(string field) => field == Brand ? "brand" : field.Replace('.', '-');

    /// <summary>With what stands beside the products now.</summary>
    public static async Task<BesideShop> Read(CatalogDatabase database, ISearchEngine engine, CancellationToken stop)
    {
        var shop = new BesideShop(engine) { Books = await ShopBooks.Read(database, stop) };
        await using var find = database.Source.CreateCommand(DocumentSql.Currencies).With();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            shop.Learn(reader.GetString(0));
        return shop;
    }
}
