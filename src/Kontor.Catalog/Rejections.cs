using Kontor.Kernel;

namespace Kontor.Catalog;

/// <summary>Every refusal of the catalogue. Codes are never reused or reworded.</summary>
public static class Rejections
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
    public static readonly Rejection QueryRequired = new(
        "QUERY_REQUIRED",
        400,
        "Say what to search for in q, 1 to 200 characters."
    );
    public static readonly Rejection MapInvalid = new(
        "MAP_INVALID",
        400,
        "The import map cannot be used; nothing was imported."
    );
    public static readonly Rejection ColumnMissing = new(
        "COLUMN_MISSING",
        422,
        "The import map names columns that the file does not have; nothing was imported."
    );
    public static readonly Rejection FeedNotFound = new("FEED_NOT_FOUND", 404, "There is no such file to import.");
    public static readonly Rejection FeedBroken = new(
        "FEED_BROKEN",
        422,
        "The file cannot be read to its end; what was read before is imported. Mend it and run the import again."
    );

    public static readonly Rejection ProductTypeNotFound = new(
        "PRODUCT_TYPE_NOT_FOUND",
        404,
        "There is no such product type."
    );
    public static readonly Rejection ProductTypeInvalid = new(
        "PRODUCT_TYPE_INVALID",
        400,
        "The definition of the product type, or the migration to it, has values that are not allowed; see errors."
    );
    public static readonly Rejection ProductTypeKeyTaken = new(
        "PRODUCT_TYPE_KEY_TAKEN",
        409,
        "Another product type has this key; change that one or choose another key."
    );
    public static readonly Rejection ProductTypeInUse = new(
        "PRODUCT_TYPE_IN_USE",
        409,
        "There are products of this type; a type goes when none is left."
    );
    public static readonly Rejection ProductTypeBuiltIn = new(
        "PRODUCT_TYPE_BUILT_IN",
        409,
        "The type 'default' is of products without attributes and stays as it is; create a type for yours."
    );
    public static readonly Rejection ProductTypeBreaks = new(
        "PRODUCT_TYPE_BREAKS",
        409,
        "Live products stand against this definition; nothing was changed. Ask /check for the whole verdict, and send a migration whose steps leave none."
    );
    public static readonly Rejection ProductTypeMigrating = new(
        "PRODUCT_TYPE_MIGRATING",
        409,
        "A migration of this type is running; wait for its end or cancel it."
    );
    public static readonly Rejection ProductTypeChangeTooLarge = new(
        "PRODUCT_TYPE_CHANGE_TOO_LARGE",
        422,
        "The change asks for a look at too many attributes of live products at once; make it in several."
    );
    public static readonly Rejection MigrationNotFound = new(
        "MIGRATION_NOT_FOUND",
        404,
        "The product type has no such migration."
    );
    public static readonly Rejection MigrationDecided = new(
        "MIGRATION_DECIDED",
        409,
        "The migration can no longer be cancelled: its values are shown, or it has ended."
    );
    public static readonly Rejection AttributesNotMigratable = new(
        "ATTRIBUTES_NOT_MIGRATABLE",
        422,
        "The product's type is being migrated, and these attributes have no form under its next definition; see errors."
    );
    public static readonly Rejection AttributeValueTaken = new(
        "ATTRIBUTE_VALUE_TAKEN",
        409,
        "A value that is to be unique among the products of the type is taken; see errors."
    );
    public static readonly Rejection UnknownReference = new(
        "UNKNOWN_REFERENCE",
        422,
        "An attribute names a product or category that does not exist; see errors."
    );
}
