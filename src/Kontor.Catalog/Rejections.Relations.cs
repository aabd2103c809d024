using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of what products have to do with each other.</content>
public static partial class Rejections
{
    public static readonly Rejection UnknownProduct = new(
        "UNKNOWN_PRODUCT",
        422,
        "The request names products that do not exist or are deleted; see errors. Nothing was done."
    );
    public static readonly Rejection ProductElsewhere = new(
        "PRODUCT_NOT_IN_CATEGORY",
        422,
        "The request names products that do not stand in this category; see errors, and put them there first."
    );
}
