using Kontor.Kernel;

namespace Kontor.Ordering;

/// <summary>Every refusal of the order service. A code is never reused or reworded.</summary>
static class Rejections
{
    public static readonly Rejection CartNotFound = new(
        "CART_NOT_FOUND",
        404,
        "There is no such cart, or its token is missing; send Kontor-Cart-Token."
    );
    public static readonly Rejection LineNotFound = new("LINE_NOT_FOUND", 404, "The cart has no line of this SKU.");
    public static readonly Rejection VariantNotFound = new("VARIANT_NOT_FOUND", 404, "No variant has this SKU.");
    public static readonly Rejection VariantNotSold = new(
        "VARIANT_NOT_SOLD",
        409,
        "The variant has no price in the cart's currency."
    );
    public static readonly Rejection CartFull = new("CART_FULL", 409, "The cart holds as many lines as a cart may.");
    public static readonly Rejection LineFull = new("LINE_FULL", 409, "The line holds as many pieces as a line may.");
    public static readonly Rejection CartAlreadyOrdered = new(
        "CART_ALREADY_ORDERED",
        409,
        "The cart is an order, or is becoming one, and takes no changes and no second checkout."
    );
    public static readonly Rejection CartInCheckout = new(
        "CART_IN_CHECKOUT",
        409,
        "An order is being made of the cart, which needs to know for whom; ask again when it is placed or rejected."
    );
    public static readonly Rejection CartErased = new(
        "CART_ERASED",
        409,
        "The guest of this cart was erased; open a new cart."
    );
    public static readonly Rejection CartChanged = new(
        "CART_CHANGED",
        409,
        "The cart has changed since the version that you name; read it again and decide anew."
    );
    public static readonly Rejection CartEmpty = new("CART_EMPTY", 409, "The cart has no lines.");
    public static readonly Rejection CartNotAddressed = new(
        "CART_NOT_ADDRESSED",
        409,
        "The cart does not know where to send the goods; put its addresses first."
    );
    public static readonly Rejection PriceChanged = new(
        "PRICE_CHANGED",
        409,
        "The total is not the one that you expected; read the cart again and ask the buyer."
    );
    public static readonly Rejection OutOfStock = new(
        "OUT_OF_STOCK",
        409,
        "Goods in the cart are not to be had in this quantity; errors names their SKUs."
    );
    public static readonly Rejection PaymentDeclined = new(
        "PAYMENT_DECLINED",
        402,
        "The payment was declined; nothing was charged, and the cart stands open for another payment."
    );
    public static readonly Rejection PaymentExpired = new(
        "PAYMENT_EXPIRED",
        402,
        "The payment was not confirmed in time; nothing was charged, and the cart stands open for another payment."
    );
    public static readonly Rejection CallbackNotSigned = new(
        "CALLBACK_NOT_SIGNED",
        401,
        "The callback does not carry the provider's signature."
    );
    public static readonly Rejection CallbackStale = new(
        "CALLBACK_STALE",
        400,
        "The callback was signed more than 5 minutes from now; sign it anew with each try."
    );
    public static readonly Rejection PaymentNotFound = new(
        "PAYMENT_NOT_FOUND",
        404,
        "No order asked for money under this key, as far as is known yet."
    );
    public static readonly Rejection PaymentMismatch = new(
        "PAYMENT_MISMATCH",
        422,
        "The callback speaks of another amount or currency than the order."
    );
    public static readonly Rejection PaymentUnavailable = new(
        "PAYMENT_UNAVAILABLE",
        503,
        "The callback cannot be followed at the moment; send it again."
    )
    {
        RetryAfterSeconds = 2,
    };
    public static readonly Rejection UnknownPaymentProvider = new(
        "UNKNOWN_PAYMENT_PROVIDER",
        422,
        "No payment provider has this name."
    );
    public static readonly Rejection UnknownPaymentToken = new(
        "UNKNOWN_PAYMENT_TOKEN",
        422,
        "The payment provider does not know this token."
    );
    public static readonly Rejection CatalogUnavailable = new(
        "CATALOG_UNAVAILABLE",
        503,
        "Prices and stock cannot be asked for at the moment; nothing was changed. Try again."
    )
    {
        RetryAfterSeconds = 2,
    };
    public static readonly Rejection OrderNotFound = new(
        "ORDER_NOT_FOUND",
        404,
        "There is no such order, or its cart's token is missing; send Kontor-Cart-Token."
    );
}
