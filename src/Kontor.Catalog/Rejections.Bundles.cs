using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of variants that are made of others.</content>
public static partial class Rejections
{
    public static readonly Rejection BundleNotFound = new(
        "BUNDLE_NOT_FOUND",
        404,
        "This variant is not made of others; it has no components."
    );
    public static readonly Rejection ComponentUnusable = new(
        "COMPONENT_UNUSABLE",
        422,
        "A component does not exist, is deleted or is itself a bundle; see errors. Nothing was done."
    );
    public static readonly Rejection BundleIsComponent = new(
        "BUNDLE_IS_COMPONENT",
        409,
        "This variant is a component of a bundle, and a bundle cannot be one; take it out there first."
    );
    public static readonly Rejection VariantHasStock = new(
        "VARIANT_HAS_STOCK",
        409,
        "A bundle has no stock of its own, and this variant has some, or some is to come; count it out first."
    );
    public static readonly Rejection VariantInBundle = new(
        "VARIANT_IN_BUNDLE",
        409,
        "This variant is a component of a bundle; take it out there before it goes."
    );
    public static readonly Rejection SkuIsBundle = new(
        "SKU_IS_BUNDLE",
        409,
        "A bundle has no stock of its own; count its components. Nothing was done."
    );
}
