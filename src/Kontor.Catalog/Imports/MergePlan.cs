using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports;

/// <summary>A variant as it stands, with what a row could change of it and of its product.</summary>
/// <param name="Price">In the currency that the row speaks of; null where it has none.</param>
/// <param name="Variants">How many variants the product has.</param>
/// <param name="IsBundle">It has no stock of its own.</param>
sealed record Standing(
    Guid Product,
    Guid Variant,
    string Key,
    string Title,
    string Slug,
    string? Description,
    long Variants,
    long? Price,
    StockLevel Stock,
    IReadOnlyList<string> Categories,
    bool IsBundle = false
);

/// <summary>What else a batch has to know of the catalogue.</summary>
/// <param name="Keys">Keys that products have, of those that new rows want.</param>
/// <param name="Slugs">Slugs that products have, of those that rows want or would be given.</param>
/// <param name="Categories">Categories that exist, of those that rows name.</param>
sealed record CatalogueFacts(HashSet<string> Keys, HashSet<string> Slugs, HashSet<string> Categories);

/// <summary>What a batch will do.</summary>
sealed class MergePlan(ImportMap map, CatalogueFacts facts)
{
    public List<NewProduct> Created { get; } = [];

    public List<(Standing Was, Good Good, string Slug)> Changed { get; } = [];

    public List<Good> Counted { get; } = [];

    public List<(Good Good, Rejection Why)> Rejected { get; } = [];

    public int Updated { get; private set; }

    public int Unchanged { get; private set; }

    /// <summary>The rule for a SKU that the catalogue does not have.</summary>
    public void Create(Good good, Guid id)
    {
        var key = good.Key ?? good.Sku;
        Rejection? refusal =
            Unknown(good.Category) ? Rejections.UnknownCategory.Because($"'{good.Category}'.")
            : !facts.Keys.Add(key) ? Rejections.KeyTaken.Because($"'{key}'.")
            : good.Slug is not null && !facts.Slugs.Add(good.Slug) ? Rejections.SlugTaken.Because($"'{good.Slug}'.")
            : null;
        if (refusal is not null)
        {
            Rejected.Add((good, refusal));
            return;
        }
        var product = ProductOf(good);
        if (product.Slug is null)
            product = product with { Slug = ProductWriter.Candidates(id, product).First(facts.Slugs.Add) };
        Created.Add(new(id, product));
    }

    /// <summary>The rule for a SKU that stands. What a row says of the product as a whole counts only where this is its
    /// only variant: else the rows of its variants would rename it in turns.</summary>
    public void Change(Good good, Standing was)
    {
        var whole = was.Variants == 1;
        var renames = whole && good.Slug is not null && good.Slug != was.Slug;
        Rejection? refusal =
            good.Key is not null && good.Key != was.Key ? RowFaults.KeyDiffers.Because($"'{was.Key}' stands.")
            : Unknown(good.Category) ? Rejections.UnknownCategory.Because($"'{good.Category}'.")
            : was.IsBundle && good.Stock > 0 ? Rejections.SkuIsBundle
            : good.Stock < was.Stock.Reserved - was.Stock.BackorderLimit ? Rejections.StockBelowReserved
            : renames && !facts.Slugs.Add(good.Slug!) ? Rejections.SlugTaken.Because($"'{good.Slug}'.")
            : null;
        if (refusal is not null)
        {
            Rejected.Add((good, refusal));
            return;
        }
        var changed =
            ChangesPrice(good, was) || (whole && (renames || ChangesText(good, was) || ChangesCategory(good, was)));
        var counted = good.Stock is { } pieces && pieces != was.Stock.OnHand;
        if (changed)
            Changed.Add((was, good, renames ? good.Slug! : was.Slug));
        if (counted)
            Counted.Add(good);
        if (changed || counted)
            Updated++;
        else
            Unchanged++;
    }

    public bool ChangesPrice(Good good, Standing was) =>
        map.Names("price") && good.Currency is not null && good.Price != was.Price;

    public bool ChangesCategory(Good good, Standing was) =>
        was.Variants == 1
        && map.Names("category")
        && !was.Categories.SequenceEqual(CategoriesOf(good), StringComparer.Ordinal);

    public static IReadOnlyList<string> CategoriesOf(Good good) => good.Category is { } only ? [only] : [];

    /// <summary>The description that is to stand.</summary>
    public string? DescriptionOf(Good good, Standing was) =>
        map.Names("description") ? good.Description : was.Description;

    bool ChangesText(Good good, Standing was) => good.Title != was.Title || DescriptionOf(good, was) != was.Description;

    bool Unknown(string? category) => category is not null && !facts.Categories.Contains(category);

    /// <summary>The product that a row asks for; its slug may still be chosen.</summary>
    public static Product ProductOf(Good good) =>
        new(
            good.Key ?? good.Sku,
            Product.DefaultType,
            good.Title,
            good.Slug,
            good.Description,
            CategoriesOf(good),
            [new(good.Sku, good.Price is { } amount ? [new(amount, good.Currency!)] : [], good.Stock)]
        );
}
