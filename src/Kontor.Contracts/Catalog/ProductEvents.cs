using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>A product came into the catalogue.</summary>
/// <param name="Product">Its id.</param>
/// <param name="Key">The key that its owner gave it.</param>
/// <param name="Version">Its version (ETag), 1.</param>
/// <param name="Slug">Its place in addresses.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Variants">What of it can be bought.</param>
/// <param name="Publication">When and where it is shown; left out: published everywhere.</param>
/// <param name="Titles">What it is called in other languages, by BCP 47 tag; left out where it is translated into none.</param>
[EventName("product.created.v1")]
public sealed record ProductCreated(
    Guid Product,
    string Key,
    long Version,
    string Slug,
    string Title,
    IReadOnlyList<ProductVariant> Variants,
    ProductPublication? Publication = null,
    IReadOnlyDictionary<string, string>? Titles = null
);

/// <summary>A product changed; it carries the whole of what stands in lists, so that a reader need not ask back.</summary>
/// <param name="Publication">When and where it is shown; left out: published everywhere.</param>
/// <param name="Titles">What it is called in other languages, by BCP 47 tag; left out where it is translated into none.</param>
[EventName("product.updated.v1")]
public sealed record ProductUpdated(
    Guid Product,
    string Key,
    long Version,
    string Slug,
    string Title,
    IReadOnlyList<ProductVariant> Variants,
    ProductPublication? Publication = null,
    IReadOnlyDictionary<string, string>? Titles = null
);

/// <summary>A product was deleted: nobody sees or buys it, and it can be restored.</summary>
/// <param name="Product">Its id.</param>
/// <param name="Key">Its key, which stays taken.</param>
/// <param name="Version">Its version (ETag).</param>
[EventName("product.deleted.v1")]
public sealed record ProductDeleted(Guid Product, string Key, long Version);

/// <summary>A deleted product is back as it was.</summary>
/// <param name="Product">Its id.</param>
/// <param name="Key">Its key.</param>
/// <param name="Version">Its version (ETag).</param>
[EventName("product.restored.v1")]
public sealed record ProductRestored(Guid Product, string Key, long Version);

/// <summary>A product leads to other products of a kind, or to the same in another order.</summary>
/// <param name="Product">Its id.</param>
/// <param name="Version">Its version (ETag).</param>
/// <param name="Kind"><c>related</c>, <c>upsell</c>, <c>crossSell</c>, <c>accessory</c> or <c>replacement</c>.</param>
/// <param name="Products">Their ids, in order, whether shown or not.</param>
[EventName("product.relations-set.v1")]
public sealed record ProductRelationsSet(Guid Product, long Version, string Kind, IReadOnlyList<Guid> Products);

/// <summary>When and where a product is shown.</summary>
/// <param name="State"><c>draft</c>, <c>published</c> or <c>archived</c>.</param>
/// <param name="From">The moment from which it is shown, where published; absent: at once.</param>
/// <param name="Until">The moment from which it is no more; absent: never.</param>
/// <param name="Channels">Keys of the channels in which it is shown; none: everywhere.</param>
/// <param name="DeletedAt">When it was deleted; absent where it is not.</param>
public sealed record ProductPublication(
    string State,
    DateTimeOffset? From,
    DateTimeOffset? Until,
    IReadOnlyList<string> Channels,
    DateTimeOffset? DeletedAt = null
);

/// <summary>A variant as product events carry it.</summary>
public sealed record ProductVariant(string Sku, IReadOnlyList<Money> Prices);

/// <summary>A category came into the tree.</summary>
/// <param name="Parent">Its parent's key; absent at the top.</param>
/// <param name="Titles">What it is called in other languages, by BCP 47 tag; left out where it is translated into none.</param>
[EventName("category.created.v1")]
public sealed record CategoryCreated(
    string Key,
    string Title,
    string? Parent,
    IReadOnlyDictionary<string, string>? Titles = null
);

/// <summary>A category has another title, parent or place.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">Its version (ETag).</param>
/// <param name="Title">What it is called.</param>
/// <param name="Parent">Its parent's key; absent at the top.</param>
/// <param name="Position">Its place among its siblings, lowest first.</param>
/// <param name="Titles">What it is called in other languages, by BCP 47 tag; left out where it is translated into none.</param>
[EventName("category.changed.v1")]
public sealed record CategoryChanged(
    string Key,
    long Version,
    string Title,
    string? Parent,
    int Position,
    IReadOnlyDictionary<string, string>? Titles = null
);

/// <summary>Other products stand first in a category, or the same in another order.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">Its version (ETag).</param>
/// <param name="Products">Ids of those that have a place in it, in order, whether shown or not; the others follow.</param>
[EventName("category.products-ordered.v1")]
public sealed record CategoryProductsOrdered(string Key, long Version, IReadOnlyList<Guid> Products);

/// <summary>A category went; nothing stood in it.</summary>
/// <param name="Key">Its key.</param>
[EventName("category.removed.v1")]
public sealed record CategoryRemoved(string Key);
