using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of product types and their migrations.</content>
public static partial class Rejections
{
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
    public static readonly Rejection AttributeUndecided = new(
        "ATTRIBUTE_UNDECIDED",
        422,
        "Whether a text matches its attribute's pattern could not be said in the time that a request has; nothing was changed. Try again, with fewer or shorter texts, or give the attribute a simpler pattern; see errors."
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
