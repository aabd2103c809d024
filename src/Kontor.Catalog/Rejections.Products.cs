using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of products and the tree that they stand in.</content>
public static partial class Rejections
{
    public static readonly Rejection ProductDeleted = new(
        "PRODUCT_DELETED",
        409,
        "The product is deleted; restore it before it is changed."
    );
    public static readonly Rejection UnknownChannel = new(
        "UNKNOWN_CHANNEL",
        422,
        "A channel that the request names does not exist; create it first."
    );
}
