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
    public static readonly Rejection VariantsLeftOut = new(
        "VARIANTS_LEFT_OUT",
        409,
        "The list leaves out variants after the first 100, which the product does not show; list them all, or send removesVariants: true."
    );
    public static readonly Rejection UnknownChannel = new(
        "UNKNOWN_CHANNEL",
        422,
        "A channel that the request names does not exist; create it first."
    );
    public static readonly Rejection CategoryCircular = new(
        "CATEGORY_CIRCULAR",
        409,
        "A category cannot stand below itself; choose another parent."
    );
    public static readonly Rejection CategoryTooDeep = new(
        "CATEGORY_TOO_DEEP",
        409,
        "The tree would have more than 20 levels; choose a parent nearer to the top."
    );
    public static readonly Rejection CategoryInUse = new(
        "CATEGORY_IN_USE",
        409,
        "Products or other categories stand in this category; move them first."
    );
    public static readonly Rejection CategoryTreeTooLarge = new(
        "CATEGORY_TREE_TOO_LARGE",
        422,
        "The tree has more than 5,000 categories; ask for a part of it with root or depth."
    );
}
