using System.Text.Json;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products.Reading;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Caching;

namespace Kontor.Catalog.Products;

/// <summary>A product as lists show it.</summary>
/// <param name="Json">A ProductView, ready to stand in an answer.</param>
/// <param name="Languages">Of its texts, where a language was asked for.</param>
sealed record ProductCard(Guid Id, ReadOnlyMemory<byte> Json, IReadOnlyList<string> Languages);

/// <summary>Cards in the order that was asked for.</summary>
/// <param name="IsStale">They may be older than what stands, or some may be missing: the database is away.</param>
sealed record CardSet(IReadOnlyList<ProductCard> Cards, bool IsStale);

/// <summary>Products for answers that show many of them: from memory, and all that is missing there with one statement.</summary>
sealed class ProductCards(BodyCache cache, CatalogDatabase database)
{
    /// <summary>More than an answer holds.</summary>
    public const int Most = 500;

    /// <summary>In the order of the ids; one that is not shown (any more) is missing.</summary>
    /// <param name="ids">None twice, at most <see cref="Most"/>.</param>
    /// <param name="atLeast">The position that they must not be older than.</param>
    public async ValueTask<CardSet> Of(
        IReadOnlyList<Guid> ids,
        PriceContext prices,
        Position? atLeast,
        CancellationToken stop
    )
    {
        if (ids.Count > Most)
            throw new ArgumentException($"At most {Most}.", nameof(ids));
        if (ids.Count == 0)
            return new([], false);
        if (!prices.IsForAll())
            return await Straight(ids, prices, stop);
        var space = SpaceOf("card", prices);
        var keys = new BodyKey[ids.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new(space, "", ids[i]);
        var found = await cache.Get(keys, atLeast, Load(prices), stop);
        var cards = new List<ProductCard>(found.Length);
        var isStale = false;
        foreach (var (kept, old, _) in found)
        {
            isStale |= old;
            if (kept is not null)
                cards.Add(new(kept.Key.Id, kept.Body.Bytes, LanguagesOf(kept.Body)));
        }
        return new(cards, isStale);
    }

    LoadBodies Load(PriceContext prices) =>
        async (keys, stop) =>
        {
            var ids = keys.Select(key => key.Id).ToArray();
            var (head, products) = await ProductBodies.Read(
                database,
                (prices, Extent.Listed),
                ProductReader.AnyOf,
                ids,
                stop
            );
            var space = keys[0].Space;
            return new(
                head,
                products.ToDictionary(
                    product => new BodyKey(space, "", product.View.Id),
                    product => new Body(JsonOf(product.View), product.Tags())
                    {
                        Languages = prices.Chain is null ? null : string.Join(',', LanguagesOf(product.View)),
                        Lasts = product.Lasts,
                        Shown = product.Shown,
                    }
                )
            );
        };

    /// <summary>What is for some only is never kept.</summary>
    async Task<CardSet> Straight(IReadOnlyList<Guid> ids, PriceContext prices, CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var products = await ProductReader.Of(connection, [.. ids], prices, stop);
        return new([.. products.Select(one => new ProductCard(one.Id, JsonOf(one), LanguagesOf(one)))], false);
    }

    /// <summary>What decides how a part of answers looks, in one word.</summary>
    internal static string SpaceOf(string kind, PriceContext prices) =>
        $"{kind} {prices.Currency}|{prices.Country}|{prices.Channel}|{prices.Quantity}|{string.Join(',', prices.Chain?.Locales ?? [])}";

    static byte[] JsonOf(ProductView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view.Within(Extent.Listed), KontorJson.Options);

    static string[] LanguagesOf(ProductView view) => [.. view.Languages.Distinct(StringComparer.Ordinal)];

    static string[] LanguagesOf(Body body) => body.Languages is { Length: > 0 } languages ? languages.Split(',') : [];
}
