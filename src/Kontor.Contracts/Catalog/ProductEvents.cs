using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>A product came into the catalogue.</summary>
/// <param name="Product">Its id.</param>
/// <param name="Key">The key that its owner gave it.</param>
/// <param name="Version">Its version (ETag), 1.</param>
/// <param name="Slug">Its place in addresses.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Variants">What of it can be bought.</param>
[EventName("product.created.v1")]
public sealed record ProductCreated(
    Guid Product,
    string Key,
    long Version,
    string Slug,
    string Title,
    IReadOnlyList<ProductVariant> Variants
);

/// <summary>A product changed; it carries the whole of what stands in lists, so that a reader need not ask back.</summary>
[EventName("product.updated.v1")]
public sealed record ProductUpdated(
    Guid Product,
    string Key,
    long Version,
    string Slug,
    string Title,
    IReadOnlyList<ProductVariant> Variants
);

/// <summary>A variant as product events carry it.</summary>
public sealed record ProductVariant(string Sku, IReadOnlyList<Money> Prices);

/// <summary>A category came into the tree.</summary>
/// <param name="Parent">Its parent's key; absent at the top.</param>
[EventName("category.created.v1")]
public sealed record CategoryCreated(string Key, string Title, string? Parent);
