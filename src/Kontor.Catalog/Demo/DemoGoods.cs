using Kontor.Catalog.Products;
using Kontor.Kernel;

namespace Kontor.Catalog.Demo;

/// <summary>The goods of a house that never was: made from short lists, the same at every start.</summary>
static class DemoGoods
{
    static readonly IReadOnlyList<Shelf> Shelves =
    [
        new(
            "teapots",
            "Teapots",
            "kitchen",
            "teapot",
            ["stoneware", "porcelain", "cast iron", "glass"],
            29,
            140,
            "holds a litre and pours without dripping"
        ),
        new(
            "cups",
            "Cups and mugs",
            "kitchen",
            "mug",
            ["stoneware", "porcelain", "enamel", "glass"],
            9,
            40,
            "holds 30 cl and stands the dishwasher"
        ),
        new(
            "knives",
            "Knives",
            "kitchen",
            "kitchen knife",
            ["carbon steel", "stainless steel", "damask steel", "ceramic"],
            25,
            220,
            "balanced for long work and easy to sharpen"
        ),
        new(
            "pans",
            "Pans",
            "kitchen",
            "frying pan",
            ["cast iron", "copper", "forged steel", "aluminium"],
            35,
            190,
            "28 cm across and good on every hob"
        ),
        new(
            "lamps",
            "Lamps",
            "living",
            "table lamp",
            ["brass", "oak", "paper", "opal glass"],
            59,
            320,
            "gives a warm, glare-free light"
        ),
        new(
            "cushions",
            "Cushions",
            "living",
            "cushion",
            ["linen", "wool", "velvet", "cotton"],
            19,
            90,
            "50 by 50 cm with a cover that comes off for washing"
        ),
        new(
            "blankets",
            "Blankets",
            "living",
            "blanket",
            ["lambswool", "merino", "linen", "cotton"],
            49,
            240,
            "130 by 200 cm and warm without weight"
        ),
        new(
            "notebooks",
            "Notebooks",
            "desk",
            "notebook",
            ["leather", "canvas", "board", "cork"],
            9,
            60,
            "192 pages of paper that takes ink well"
        ),
        new(
            "pens",
            "Pens",
            "desk",
            "fountain pen",
            ["brass", "walnut", "resin", "steel"],
            19,
            190,
            "takes bottled ink and standard cartridges"
        ),
        new(
            "bags",
            "Bags",
            "desk",
            "satchel",
            ["leather", "canvas", "felt", "waxed cotton"],
            69,
            340,
            "carries a laptop and the day's papers"
        ),
        new(
            "pots",
            "Pots",
            "garden",
            "plant pot",
            ["terracotta", "stoneware", "zinc", "concrete"],
            12,
            120,
            "frost-proof and drained"
        ),
        new(
            "tools",
            "Tools",
            "garden",
            "hand trowel",
            ["forged steel", "bronze", "ash", "stainless steel"],
            15,
            70,
            "fits the palm and keeps its edge"
        ),
        new(
            "lanterns",
            "Lanterns",
            "garden",
            "lantern",
            ["zinc", "brass", "glass", "iron"],
            25,
            160,
            "keeps a candle alight in the wind"
        ),
    ];

    public static readonly IReadOnlyList<DemoCategory> Tree =
    [
        new("kitchen", "Kitchen", null),
        new("living", "Living", null),
        new("desk", "Desk", null),
        new("garden", "Garden", null),
        .. Shelves.Select(shelf => new DemoCategory(shelf.Key, shelf.Title, shelf.Room)),
    ];

    static readonly string[] Lines =
    [
        "Lübeck",
        "Visby",
        "Bergen",
        "Riga",
        "Tallinn",
        "Gdańsk",
        "Stralsund",
        "Rostock",
        "Kiel",
        "Bremen",
    ];

    static readonly string[] Characters =
    [
        "Made in small batches",
        "Quiet in form and kind to the hand",
        "A shape that has served for three generations",
        "Drawn for everyday use",
        "Finished by hand",
        "Simple, sturdy and easy to mend",
    ];

    static readonly string[] Colours = ["chalk", "slate", "moss", "rust", "indigo", "sand"];

    /// <summary>Every product with its variants; the numbers come from a fixed seed.</summary>
    public static IEnumerable<Product> All()
    {
        var random = new Random(1669); // The last Hanseatic Diet.
        foreach (var shelf in Shelves)
        foreach (var material in shelf.Materials)
        foreach (var line in Lines)
            yield return Make(shelf, material, line, random);
    }

    static Product Make(Shelf shelf, string material, string line, Random random)
    {
        var stem = $"{Code(shelf.Key)}-{Code(line)}-{Code(material)}";
        var euro = random.Next(shelf.LowestEuro, shelf.HighestEuro) * 100 - 10;
        var variants = Colours
            .Take(random.Next(1, Colours.Length + 1))
            .Select(colour => new Variant(
                $"{stem}-{Code(colour)}",
                [new Money(euro, "EUR"), new Money((euro * 115L / 1000 + 1) * 100, "SEK")],
                random.Next(0, 12) == 0 ? 0 : random.Next(1, 200)
            ))
            .ToList();
        var colours = string.Join(", ", Colours.Take(variants.Count));
        return new Product(
            stem.ToLowerInvariant(),
            Product.DefaultType,
            $"{line} {material} {shelf.Noun}",
            null,
            $"{Article(shelf.Noun)} {shelf.Noun} of {material} from our {line} line. "
                + $"{Characters[random.Next(Characters.Length)]}; {shelf.Use}. In {colours}.",
            [shelf.Key, shelf.Room],
            variants
        );
    }

    static string Article(string noun) => "aeiou".Contains(noun[0], StringComparison.Ordinal) ? "An" : "A";

    /// <summary>The first three letters as they stand in a SKU.</summary>
    static string Code(string word) =>
        Product.SlugOf(word)!.Replace("-", "", StringComparison.Ordinal)[..3].ToUpperInvariant();

    sealed record Shelf(
        string Key,
        string Title,
        string Room,
        string Noun,
        IReadOnlyList<string> Materials,
        int LowestEuro,
        int HighestEuro,
        string Use
    );
}

/// <summary>A category of the demo's tree of two levels.</summary>
sealed record DemoCategory(string Key, string Title, string? Parent);
