using System.Text.Json;
using Kontor.Catalog.Prices;
using Kontor.Journal;
using Kontor.Kernel;

namespace Kontor.Catalog.Products;

/// <summary>A product as lists show it, written.</summary>
/// <param name="Json">The product in UTF-8.</param>
/// <param name="Languages">Of its texts, where one was asked for.</param>
sealed record ProductCard(Guid Id, ReadOnlyMemory<byte> Json, IReadOnlyList<string> Languages);

/// <param name="IsStale">They may be older than what stands.</param>
sealed record CardSet(IReadOnlyList<ProductCard> Cards, bool IsStale);

/// <summary>Products as lists show them, any number with one statement.</summary>
sealed class ProductCards(CatalogDatabase database)
{
    /// <summary>In the order of the ids; missing where it is not shown.</summary>
    public async ValueTask<CardSet> Of(
        IReadOnlyList<Guid> ids,
        PriceContext prices,
        Position? atLeast,
        CancellationToken stop
    )
    {
        // The database has all that was ever written, whatever is asked for.
        _ = atLeast;
        if (ids.Count == 0)
            return new([], false);
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var found = await ProductReader.Of(connection, [.. ids], prices, stop);
        return new(
            [
                .. found.Select(product => new ProductCard(
                    product.Id,
                    JsonSerializer.SerializeToUtf8Bytes(product, KontorJson.Options),
                    [.. product.Languages]
                )),
            ],
            false
        );
    }
}
