using Kontor.Kernel;

namespace Kontor.Catalog;

/// <summary>Every refusal of the catalogue. Codes are never reused or reworded.</summary>
public static partial class Rejections
{
    public static readonly Rejection ProductNotFound = new(
        "PRODUCT_NOT_FOUND",
        404,
        "There is no such product; ask by its id or its slug."
    );
    public static readonly Rejection CategoryNotFound = new("CATEGORY_NOT_FOUND", 404, "There is no such category.");
    public static readonly Rejection UnknownCategory = new(
        "UNKNOWN_CATEGORY",
        422,
        "A category that the request names does not exist; create it first."
    );
    public static readonly Rejection UnknownProductType = new(
        "UNKNOWN_PRODUCT_TYPE",
        422,
        "The product type that the request names does not exist."
    );
    public static readonly Rejection ProductInvalid = new(
        "PRODUCT_INVALID",
        400,
        "The product has values that are not allowed; see errors."
    );
    public static readonly Rejection KeyTaken = new(
        "PRODUCT_KEY_TAKEN",
        409,
        "Another product has this key; change that one or choose another key."
    );
    public static readonly Rejection SlugTaken = new(
        "SLUG_TAKEN",
        409,
        "Another product has this slug; choose another or leave it out to have one made."
    );
    public static readonly Rejection SkuTaken = new("SKU_TAKEN", 409, "Another variant has this SKU; SKUs are unique.");
    public static readonly Rejection CategoryKeyTaken = new(
        "CATEGORY_KEY_TAKEN",
        409,
        "Another category has this key; choose another."
    );
    public static readonly Rejection StockBelowReserved = new(
        "STOCK_BELOW_RESERVED",
        409,
        "More pieces are held for buyers than this count leaves; release them first or count again."
    );
    public static readonly Rejection VariantHeld = new(
        "VARIANT_HELD",
        409,
        "Pieces of this variant are held for buyers; it cannot go until they are released."
    );
    public static readonly Rejection StockShort = new(
        "STOCK_SHORT",
        409,
        "There are not enough pieces of everything; nothing was held. See errors for the SKUs that are short."
    );
    public static readonly Rejection ReservationDiffers = new(
        "RESERVATION_DIFFERS",
        409,
        "A reservation with this id stands with other lines; take a new id for new lines."
    );
    public static readonly Rejection ReservationEnded = new(
        "RESERVATION_ENDED",
        409,
        "This reservation was released or has expired; take a new id to hold stock again."
    );
    public static readonly Rejection ReservationNotFound = new(
        "RESERVATION_NOT_FOUND",
        404,
        "There is no such reservation."
    );
    public static readonly Rejection ReservationNotYours = new(
        "RESERVATION_NOT_YOURS",
        409,
        "Another client made the reservation with this id; only that one changes it. Take an id of your own."
    );
    public static readonly Rejection VariantExpected = new(
        "VARIANT_EXPECTED",
        409,
        "Pieces of this variant are under way; receive or cancel their delivery before it goes."
    );
    public static readonly Rejection SkuNotFound = new(
        "SKU_NOT_FOUND",
        404,
        "No variant of the catalogue has this SKU."
    );
    public static readonly Rejection UnknownSku = new(
        "UNKNOWN_SKU",
        422,
        "The request names SKUs that no variant has; see errors. Nothing was done."
    );
    public static readonly Rejection LocationNotFound = new("LOCATION_NOT_FOUND", 404, "There is no such location.");
    public static readonly Rejection UnknownLocation = new(
        "UNKNOWN_LOCATION",
        422,
        "The location that the request names does not exist; create it first."
    );
    public static readonly Rejection LocationKeyTaken = new(
        "LOCATION_KEY_TAKEN",
        409,
        "Another location has this key; choose another."
    );
    public static readonly Rejection LocationInactive = new(
        "LOCATION_INACTIVE",
        409,
        "This location is not in use; make it active first, or name another."
    );
    public static readonly Rejection StockNegative = new(
        "STOCK_NEGATIVE",
        409,
        "Less than nothing would be there; see errors for what is on hand. Nothing was done."
    );
    public static readonly Rejection StockMoved = new(
        "STOCK_MOVED",
        409,
        "Stock has moved since it was seen; see errors for what is on hand, and count again."
    );
    public static readonly Rejection StockNotFree = new(
        "STOCK_NOT_FREE",
        409,
        "There are not that many pieces that nobody has reserved; see errors. Nothing was done."
    );
    public static readonly Rejection DeliveryNotFound = new("DELIVERY_NOT_FOUND", 404, "There is no such delivery.");
    public static readonly Rejection DeliveryKeyTaken = new(
        "DELIVERY_KEY_TAKEN",
        409,
        "Another delivery has this key; choose another."
    );
    public static readonly Rejection DeliveryNotReady = new(
        "DELIVERY_NOT_READY",
        409,
        "The delivery is not in a state in which this can be done; read it."
    );
    public static readonly Rejection DeliveryExceeded = new(
        "DELIVERY_EXCEEDED",
        409,
        "More would be received than is to come; see errors. Enter what came beyond it as an adjustment."
    );
    public static readonly Rejection QueryRequired = new(
        "QUERY_REQUIRED",
        400,
        "Say what to search for in q, 1 to 200 characters."
    );
    public static readonly Rejection SearchNotReady = new(
        "SEARCH_NOT_READY",
        503,
        "This process is still loading its search index. Try again."
    )
    {
        RetryAfterSeconds = 1,
    };
    public static readonly Rejection SearchAway = new(
        "SEARCH_AWAY",
        503,
        "The search engine does not answer at the moment. Try again."
    )
    {
        RetryAfterSeconds = 2,
    };
}
