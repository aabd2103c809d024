namespace Kontor.Imports.Validating;

/// <summary>A rule that a row or a value can break. Codes are never reused or reworded.</summary>
sealed record Rule(string Code, string Message, string? Hint = null)
{
    public static readonly Rule TextUnreadable = new(
        "TEXT_UNREADABLE",
        "The value has bytes that are no text in the file's encoding, or U+0000.",
        "Name the encoding of the file in its dialect, or ask the supplier for UTF-8."
    );
    public static readonly Rule CellUnreadable = new(
        "CELL_UNREADABLE",
        "The cell of an export is no JSON of what its column has.",
        "Lists, measures, money, numbers and texts by language stand as JSON."
    );
    public static readonly Rule KeyMissing = new("KEY_MISSING", "The row has no key of a product.");
    public static readonly Rule KeyInvalid = new(
        "KEY_INVALID",
        "A key has 1 to 100 letters, digits, '.', '_', ':' or '-', the first a letter or digit.",
        "Use the step \"key\" to replace other signs."
    );
    public static readonly Rule SkuMissing = new("SKU_MISSING", "The variant has no SKU.");
    public static readonly Rule SkuInvalid = KeyInvalid with { Code = "SKU_INVALID" };
    public static readonly Rule TitleMissing = new("TITLE_MISSING", "The row has no title.");
    public static readonly Rule TitleMarkup = new(
        "TITLE_MARKUP",
        "A title has no markup.",
        "Use the step \"text\" to take it out."
    );
    public static readonly Rule TitleCut = new("TITLE_CUT", "The title is cut at a word to 300 characters.");
    public static readonly Rule SlugInvalid = new(
        "SLUG_INVALID",
        "A slug has 1 to 100 lower-case letters and digits in words joined by single '-'.",
        "Leave it out to have one made of the title, or use the step \"slug\"."
    );
    public static readonly Rule TextTooLong = new(
        "TEXT_TOO_LONG",
        "The text is longer than it may be.",
        "Use the step {\"cut\": …}."
    );
    public static readonly Rule CategoryInvalid = KeyInvalid with { Code = "CATEGORY_INVALID" };
    public static readonly Rule PriceMissing = new("PRICE_MISSING", "The row has no price.");
    public static readonly Rule PriceZero = new(
        "PRICE_ZERO",
        "The price is 0, which feeds say for unknown; the row comes in without it."
    );
    public static readonly Rule PriceNegative = new("PRICE_NEGATIVE", "The price is below zero.");
    public static readonly Rule PriceTooPrecise = new(
        "PRICE_TOO_PRECISE",
        "The price has more digits than the currency's minor unit."
    );
    public static readonly Rule PriceTooLarge = new("PRICE_TOO_LARGE", "The price is larger than a price can be.");
    public static readonly Rule CurrencyUnknown = new("CURRENCY_UNKNOWN", "The currency is not in ISO 4217.");
    public static readonly Rule NumberUnreadable = new(
        "NUMBER_UNREADABLE",
        "The value is no decimal number of this form.",
        "Say the form in \"number\" or \"decimals\": point (1,299.00), comma (1.299,00), lastComma (4,642,35)."
    );
    public static readonly Rule NumberGrouped = new(
        "NUMBER_GROUPED",
        "The value has several commas; the last is taken for the decimal sign. The value stays."
    );
    public static readonly Rule StockUnreadable = new(
        "STOCK_UNREADABLE",
        "The stock is not a whole number of pieces, 0 to 1,000,000,000."
    );
    public static readonly Rule GtinLength = new("GTIN_LENGTH", "A GTIN has 8, 12, 13 or 14 digits.");
    public static readonly Rule GtinCheckDigit = new(
        "GTIN_CHECK_DIGIT",
        "The last digit of the GTIN is not the sum of the others."
    );
    public static readonly Rule GtinRuined = new(
        "GTIN_RUINED",
        "A spreadsheet has rounded the number; its last digits are lost.",
        "Ask for a file that no spreadsheet has saved; a padded number would be another article."
    );
    public static readonly Rule GtinInStore = new(
        "GTIN_IN_STORE",
        "GTINs that start with 2 are given by each shop to its own goods; they match nothing elsewhere. The value stays."
    );
    public static readonly Rule IsbnInvalid = new(
        "ISBN_INVALID",
        "The value is no ISBN of 10 or 13 digits with a right check digit."
    );
    public static readonly Rule LookupMissing = new(
        "LOOKUP_MISSING",
        "The value is not in the lookup table.",
        "Add it to the table."
    );
    public static readonly Rule UnitUnknown = new(
        "UNIT_UNKNOWN",
        "The unit is not known, or is of another kind than the one wanted."
    );
    public static readonly Rule CountUnexpected = new(
        "COUNT_UNEXPECTED",
        "The value does not have the expected number of parts."
    );
    public static readonly Rule DateUnreadable = new(
        "DATE_UNREADABLE",
        "The value is no date of this form.",
        "Name the form in the step {\"date\": \"dd/MM/yyyy\"}."
    );
    public static readonly Rule PatternTooSlow = new("PATTERN_TOO_SLOW", "The pattern took too long on this value.");
    public static readonly Rule BooleanUnreadable = new("BOOLEAN_UNREADABLE", "The value is neither yes nor no.");
    public static readonly Rule EnumUnknown = new(
        "ENUM_UNKNOWN",
        "The product type does not have this value.",
        "Add a lookup table."
    );
    public static readonly Rule AttributeUnknown = new(
        "ATTRIBUTE_UNKNOWN",
        "The product type does not have this attribute.",
        "Add it to the product type, or take it out of the mapping."
    );
    public static readonly Rule AddressInvalid = new(
        "ADDRESS_INVALID",
        "A picture's address begins with https:// or http://."
    );
}
