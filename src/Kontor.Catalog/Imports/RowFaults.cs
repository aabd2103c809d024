using Kontor.Kernel;

namespace Kontor.Catalog.Imports;

/// <summary>Why a row of a file is left out, and what is noted of one that comes in; codes for reports.</summary>
static class RowFaults
{
    public static readonly Rejection Malformed = Of("ROW_MALFORMED", "The row does not have the form of the file.");
    public static readonly Rejection TooLong = Of("ROW_TOO_LONG", $"A row has at most {Feed.MaxRow} characters.");
    public static readonly Rejection TextUnreadable = Of(
        "TEXT_UNREADABLE",
        "The row has bytes that are no text in the file's encoding, or U+0000."
    );
    public static readonly Rejection SkuMissing = Of("SKU_MISSING", "The row has no SKU.");
    public static readonly Rejection SkuInvalid = Of("SKU_INVALID", "The SKU is not of the form of one.");
    public static readonly Rejection KeyInvalid = Of("KEY_INVALID", "The key is not of the form of one.");
    public static readonly Rejection KeyDiffers = Of(
        "KEY_DIFFERS",
        "The SKU belongs to a product with another key; keys never change."
    );
    public static readonly Rejection DuplicateSku = Of("DUPLICATE_SKU", "An earlier row of the file has this SKU.");
    public static readonly Rejection TitleMissing = Of("TITLE_MISSING", "The row has no title.");
    public static readonly Rejection SlugInvalid = Of("SLUG_INVALID", "The slug is not of the form of one.");
    public static readonly Rejection DescriptionTooLong = Of(
        "DESCRIPTION_TOO_LONG",
        "The description is longer than a product's can be."
    );
    public static readonly Rejection PriceUnreadable = Of(
        "PRICE_UNREADABLE",
        "The price is not a decimal number with a point."
    );
    public static readonly Rejection PriceNegative = Of("PRICE_NEGATIVE", "The price is below zero.");
    public static readonly Rejection PriceTooPrecise = Of(
        "PRICE_TOO_PRECISE",
        "The price has more digits than the currency's minor unit."
    );
    public static readonly Rejection PriceTooLarge = Of("PRICE_TOO_LARGE", "The price is larger than a price can be.");
    public static readonly Rejection CurrencyUnknown = Of("CURRENCY_UNKNOWN", "The currency is not in ISO 4217.");
    public static readonly Rejection StockUnreadable = Of(
        "STOCK_UNREADABLE",
        "The stock is not a whole number of pieces, 0 to 1,000,000,000."
    );

    /// <summary>Noted: the row comes in without a price, for the file says nothing.</summary>
    public const string PriceMissing = "PRICE_MISSING";

    /// <summary>Noted: the row comes in without a price, for nobody gives goods away by a feed; 0 is how feeds say unknown.</summary>
    public const string PriceZero = "PRICE_ZERO";

    /// <summary>Noted: the title is cut at a word to what a title can hold.</summary>
    public const string TitleCut = "TITLE_CUT";

    static Rejection Of(string code, string message) => new(code, 422, message);
}
