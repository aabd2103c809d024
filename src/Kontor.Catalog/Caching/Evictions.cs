using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Caching;

namespace Kontor.Catalog.Caching;

/// <summary>Which bodies an event makes old: the one place where that is decided.</summary>
static class Evictions
{
    static readonly string[] Nothing = [];
    static readonly string[] Everything = [Eviction.Everything];

    /// <summary>The tags that it evicts. What is rare and touches much (a price list, a location, a channel) evicts all:
    /// that is simple, and right.</summary>
    /// <exception cref="InvalidOperationException">Nobody has decided about this type of event.</exception>
    public static IReadOnlyList<string> Of(string type, string body) =>
        type switch
        {
            "product.created.v1" or "product.updated.v1" or "product.deleted.v1" or "product.restored.v1" =>
            [
                Tags.Product(Read<OfProduct>(body).Product),
                Tags.Tree,
            ],
            // They count the product's version on, which its answers show.
            "product.media-set.v1" or "product.relations-set.v1" => [Tags.Product(Read<OfProduct>(body).Product)],
            "price.set.v1" => Of(Read<OfPrice>(body)),
            "price.removed.v1" => [Tags.Product(Read<OfProduct>(body).Product)],
            "bundle.changed.v1" or "bundle.removed.v1" => [Tags.Product(Read<OfProduct>(body).Product)],
            "media.set.v1" or "media.removed.v1" => [Tags.Media(Read<Keyed>(body).Key)],
            "category.created.v1" or "category.changed.v1" or "category.removed.v1" =>
            [
                Tags.Tree,
                Tags.Categories,
                Tags.Titles(Read<Keyed>(body).Key),
            ],
            "product-type.changed.v1" => [Tags.Type(Read<Keyed>(body).Key)],
            "stock.changed.v1" => Of(Read<StockChanged>(body)),
            "location.changed.v1" => Everything,
            "price-list.set.v1" or "price-list.removed.v1" => Everything,
            "channel.set.v1" or "channel.removed.v1" => Everything,
            // Lists of products are not kept, nor what is shown to a group or to staff; a type that no product has, a
            // location with no stock and a delivery show nowhere; what is found, and by which document, is not kept.
            "category.products-ordered.v1"
            or "customer-group.set.v1"
            or "customer-group.removed.v1"
            or "product-type.created.v1"
            or "product-type.deleted.v1"
            or "product-type.migration-started.v1"
            or "product-type.migration-ended.v1"
            or "location.created.v1"
            or "delivery.changed.v1"
            // What an import writes is told by the events of its products.
            or "import.moved.v1"
            or "import.alerted.v1"
            or "synonyms.set.v1"
            or "synonyms.removed.v1"
            or "search-rule.set.v1"
            or "search-rule.removed.v1"
            or "graphql-document.registered.v1"
            or "graphql-document.removed.v1" => Nothing,
            _ => throw new InvalidOperationException($"Nobody has decided what {type} evicts."),
        };

    /// <summary>A body holds the class and not the number, or a flash sale would evict it every millisecond. A bundle needs
    /// several pieces of a part, so of a part the number decides. Until when pre-orders are taken is no class, and bodies last until then.</summary>
    static IReadOnlyList<string> Of(StockChanged stock) =>
        stock.Before == stock.After && stock.Reason != "termsSet"
            ? [Tags.Part(stock.Sku)]
            : [Tags.Sku(stock.Sku), Tags.Part(stock.Sku)];

    static IReadOnlyList<string> Of(OfPrice price) =>
        price.LeftProduct is { } left
            ? [Tags.Product(price.Product), Tags.Product(left)]
            : [Tags.Product(price.Product)];

    static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, KontorJson.Tolerant)!;

    sealed record OfProduct(Guid Product);

    sealed record OfPrice(Guid Product, Guid? LeftProduct = null);

    sealed record Keyed(string Key);
}
