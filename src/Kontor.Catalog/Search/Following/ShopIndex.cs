using System.Collections.Concurrent;
using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Fields;
using Kontor.Search;

namespace Kontor.Catalog.Search.Following;

/// <summary>The products of the shop in memory.</summary>
sealed class ShopIndex : SearchedShop
{
    /// <summary>Titles before brands before descriptions; an attribute called brand is one.</summary>
    static readonly SearchSchema Schema = new([
        new("title", Boost: 4, UsualLength: 8, CompletesWords: true),
        new(AttributeField.TextOf("brand"), Boost: 3, UsualLength: 2, CompletesWords: true),
        new("seo.title", Boost: 2, UsualLength: 8),
        new("description", Boost: 1, UsualLength: 60),
        new("seo.description", Boost: 1, UsualLength: 20),
        new("body", Boost: 0.7, UsualLength: 200),
    ]);

    /// <summary>Books of which a variant's old price is taken out one by one; where there are more, its product is written
    /// anew.</summary>
    const int MostCleared = 200;

    /// <summary>Combinations of currency and conditions in the whole shop. Prices of further ones are not found by: the more
    /// general price is.</summary>
    const int MostBooks = 50_000;

    readonly ConcurrentDictionary<string, byte> priceBooks = new(StringComparer.Ordinal);

    public ShopIndex() => Engine = new MemoryEngine(Index);

    public SearchIndex Index { get; } = new(Schema);

    public override ISearchEngine Engine { get; }

    public ChangeMoments Moments { get; } = new();

    public override IReadOnlyList<string> Currencies =>
        [.. priceBooks.Keys.Select(book => book[..3]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <param name="asked">The products that were asked for: those that were not found are gone.</param>
    public void Write(DocumentBatch batch, IReadOnlyCollection<Guid> asked)
    {
        var documents = batch.Documents;
        foreach (var book in documents.SelectMany(d => d.Variants).SelectMany(v => v.Prices))
            HasRoom(book.Book);
        if (priceBooks.Count >= MostBooks)
            documents = [.. documents.Select(Bounded)];
        var found = documents.Select(document => document.Id).ToHashSet();
        Index.Apply(documents, [.. asked.Where(id => !found.Contains(id))]);
        Moments.Add(batch.Moments);
    }

    /// <summary>Changes prices and availability in place.</summary>
    /// <param name="withPrices">Prices are all that the variants have; else they stay as they are.</param>
    /// <returns>Products that have to be written anew.</returns>
    public IReadOnlyList<Guid> Move(MovedBatch batch, bool withPrices)
    {
        var anew = new List<Guid>();
        foreach (var (product, variants) in batch.Products)
            if (withPrices && priceBooks.Count > MostCleared)
                anew.Add(product);
            else if (!Index.Change(product, withPrices ? [.. variants.Select(Whole)] : variants))
                anew.Add(product);
        Moments.Add(batch.Moments);
        return anew;
    }

    bool HasRoom(string book) =>
        priceBooks.ContainsKey(book) || (priceBooks.Count < MostBooks && priceBooks.TryAdd(book, 0));

    SearchDocument Bounded(SearchDocument document) =>
        document with
        {
            Variants =
            [
                .. document.Variants.Select(variant =>
                    variant with
                    {
                        Prices = [.. variant.Prices.Where(price => priceBooks.ContainsKey(price.Book))],
                    }
                ),
            ],
        };

    /// <summary>With nothing in the books that it is not in any more.</summary>
    VariantChange Whole(VariantChange change)
    {
        var prices = (change.Prices ?? []).Where(price => HasRoom(price.Book)).ToList();
        var named = prices.Select(price => price.Book).ToHashSet(StringComparer.Ordinal);
        var gone = priceBooks.Keys.Where(book => !named.Contains(book)).Select(book => new BookPrice(book, null));
        var whole = change with { Prices = [.. prices, .. gone] };
        return whole;
    }
}
