using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of prices, price lists, channels and customer groups.</content>
public static partial class Rejections
{
    public static readonly Rejection PriceNotFound = new("PRICE_NOT_FOUND", 404, "There is no price with this key.");
    public static readonly Rejection PriceNamesUnknown = new(
        "PRICE_NAMES_UNKNOWN",
        422,
        "A price names a variant, channel, customer group or price list that does not exist; see errors."
    );
    public static readonly Rejection PriceOverlaps = new(
        "PRICE_OVERLAPS",
        409,
        "Another price of the same variant, currency, country, channel, customer group, list and quantity is valid at the same time; end one before the other begins."
    );
    public static readonly Rejection TooManyPrices = new(
        "TOO_MANY_PRICES",
        409,
        "The variant would have more prices than a variant may; remove those that are over."
    );
    public static readonly Rejection PriceListNotFound = new(
        "PRICE_LIST_NOT_FOUND",
        404,
        "There is no price list with this key."
    );
    public static readonly Rejection PriceListInUse = new(
        "PRICE_LIST_IN_USE",
        409,
        "The price list holds prices; remove them first, or let its validity end."
    );
    public static readonly Rejection PriceListTooLong = new(
        "PRICE_LIST_TOO_LONG",
        409,
        "The price list holds more than 25,000 prices, and its priority stays; open another list with the priority wanted."
    );
    public static readonly Rejection PriorityTaken = new(
        "PRIORITY_TAKEN",
        409,
        "Another price list has this priority; each has its own, so that one of them always stands first."
    );
    public static readonly Rejection ChannelNotFound = new(
        "CHANNEL_NOT_FOUND",
        404,
        "There is no channel with this key."
    );
    public static readonly Rejection ChannelInUse = new(
        "CHANNEL_IN_USE",
        409,
        "Prices or price lists name this channel; remove them first."
    );
    public static readonly Rejection CustomerGroupNotFound = new(
        "CUSTOMER_GROUP_NOT_FOUND",
        404,
        "There is no customer group with this key."
    );
    public static readonly Rejection CustomerGroupInUse = new(
        "CUSTOMER_GROUP_IN_USE",
        409,
        "Prices or price lists name this customer group; remove them first."
    );
}
