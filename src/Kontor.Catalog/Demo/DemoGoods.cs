using Kontor.Catalog.Products;
using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Demo;

/// <summary>The goods of the demo catalogue: every range in every make and finish, priced by a seeded die.</summary>
static class DemoGoods
{
    const int Seed = 1356;

    public static IReadOnlyList<CategoryCreated> Categories { get; } =
    [
        .. DemoRanges.Departments.Select(department => new CategoryCreated(department.Key, department.Title, null)),
        .. DemoRanges.All.Select(range => new CategoryCreated(
            range.Category,
            range.CategoryTitle,
            range.Category.Split('-')[0]
        )),
    ];

    public static IReadOnlyList<Product> All()
    {
        // Seeded, so that every installation shows the same shop, and not for anything secret.
        var die = new Random(Seed);
        return
        [
            .. from range in DemoRanges.All
            from article in range.Articles
            from make in range.Makes
            select ProductOf(range, article, make, die),
        ];
    }

    static Product ProductOf(DemoRange range, DemoArticle article, DemoMake make, Random die)
    {
        var key = $"{range.Code}-{Code(article.Name)}-{Code(make.Name)}";
        var cents = (long)(article.Euros * 100 * make.Dearer / 100m);
        var options = range.Options.Count == 0 ? [""] : range.Options.Take(die.Next(2, 7)).ToArray();
        return new(
            key,
            Product.DefaultType,
            $"{make.Name} {article.Name}",
            null,
            $"{article.Text} {make.Text}"
                + (range.Options.Count == 0 ? "" : $" {range.OptionWord}: {string.Join(", ", options)}."),
            [range.Category],
            [.. options.Select((option, i) => VariantOf(key, option, cents + (i * cents / 20), die))]
        );
    }

    static Variant VariantOf(string key, string option, long cents, Random die)
    {
        // A shop's prices end in .90, or .00 from a hundred on; crowns are whole and end in 9.
        var euros = cents >= 100_00 ? cents / 100 * 100 : (cents / 100 * 100) + 90;
        var crowns = ((euros * 112 / 10 / 1000) + 1) * 1000 - 100;
        // One variant in eight is sold out, so that a shop front has something to say about it.
        var stock = die.Next(8) == 0 ? 0 : die.Next(1, 201);
        return new(option.Length == 0 ? key : $"{key}-{Code(option)}", [new(euros, "EUR"), new(crowns, "SEK")], stock);
    }

    static string Code(string words) => Product.SlugOf(words)!.ToUpperInvariant();
}
