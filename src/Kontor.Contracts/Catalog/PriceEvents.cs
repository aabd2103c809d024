using Kontor.Kernel;

namespace Kontor.Contracts.Catalog;

/// <summary>A price was set, or set anew; it carries the whole of it. A base price comes with its product's events.</summary>
/// <param name="Key">The key that its owner gave it.</param>
/// <param name="Version">Its version (ETag).</param>
/// <param name="Product">The product whose answers may show it.</param>
/// <param name="CompareAt">The higher price that it is shown against.</param>
/// <param name="Country">Where goods go; absent: anywhere. Likewise the channel, customer group and price list.</param>
/// <param name="MinQuantity">From how many pieces on.</param>
/// <param name="ValidFrom">Its first moment; absent: always was.</param>
/// <param name="ValidUntil">The first moment at which it is over; absent: never.</param>
/// <param name="LeftProduct">The product whose variant had it before, where that is another; its answers show it no more.</param>
[EventName("price.set.v1")]
public sealed record PriceSet(
    string Key,
    long Version,
    Guid Product,
    string Sku,
    Money Price,
    Money? CompareAt,
    string? Country,
    string? Channel,
    string? CustomerGroup,
    string? PriceList,
    int MinQuantity,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil,
    Guid? LeftProduct = null
);

/// <summary>A price is no more.</summary>
[EventName("price.removed.v1")]
public sealed record PriceRemoved(string Key, Guid Product, string Sku);

/// <summary>A price list was opened or changed; a change of priority, validity or restriction may change every price shown
/// that is in it.</summary>
/// <param name="Priority">The list with the lowest number stands first.</param>
[EventName("price-list.set.v1")]
public sealed record PriceListSet(
    string Key,
    long Version,
    string Title,
    int Priority,
    string? Channel,
    string? CustomerGroup,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil
);

/// <summary>An empty price list is no more.</summary>
[EventName("price-list.removed.v1")]
public sealed record PriceListRemoved(string Key);

/// <summary>A channel was opened or changed.</summary>
/// <param name="Currency">What it shows prices in where nobody says otherwise.</param>
/// <param name="Locale">Likewise its language, BCP 47.</param>
[EventName("channel.set.v1")]
public sealed record ChannelSet(string Key, long Version, string Title, string? Currency, string? Locale);

/// <summary>A channel is no more.</summary>
[EventName("channel.removed.v1")]
public sealed record ChannelRemoved(string Key);

/// <summary>A customer group was made or changed.</summary>
[EventName("customer-group.set.v1")]
public sealed record CustomerGroupSet(string Key, long Version, string Title);

/// <summary>A customer group is no more.</summary>
[EventName("customer-group.removed.v1")]
public sealed record CustomerGroupRemoved(string Key);
