namespace Kontor.Catalog.Demo;

/// <summary>A kind of goods: its articles in its makes, each in some of its options (sizes, colours).</summary>
/// <param name="Category">Department and kind: <c>kitchen-pots</c>.</param>
sealed record DemoRange(
    string Code,
    string Category,
    string CategoryTitle,
    IReadOnlyList<DemoArticle> Articles,
    IReadOnlyList<DemoMake> Makes,
    string OptionWord,
    IReadOnlyList<string> Options
);

/// <param name="Euros">What the plainest make costs, about.</param>
sealed record DemoArticle(string Name, int Euros, string Text);

/// <param name="Dearer">Percent of the article's plain price.</param>
sealed record DemoMake(string Name, int Dearer, string Text);

/// <summary>What the demo shop sells.</summary>
static class DemoRanges
{
    public static readonly IReadOnlyList<(string Key, string Title)> Departments =
    [
        ("kitchen", "Kitchen"),
        ("home", "Home"),
        ("clothing", "Clothing"),
        ("outdoor", "Outdoor"),
        ("desk", "Desk and paper"),
    ];

    public static readonly IReadOnlyList<DemoRange> All =
    [
        new(
            "POT",
            "kitchen-pots",
            "Pots and pans",
            [
                new("saucepan", 39, "A saucepan with a pouring rim and a lid that fits."),
                new("stockpot", 69, "A tall pot for stock, pasta and jam."),
                new("sauté pan", 49, "A wide pan with a straight edge and a lid."),
                new("casserole", 79, "A round pot for the oven, with two handles."),
                new("kettle", 42, "A kettle with a spout that does not drip."),
                new("steamer", 55, "A pot with a perforated inset and a tight lid."),
                new("milk pan", 24, "A small pan for milk, sauces and one egg."),
                new("mixing bowl", 19, "A deep bowl with a rim that can be held."),
            ],
            DemoMakes.Metals,
            "Sizes",
            DemoMakes.Litres
        ),
        new(
            "TAB",
            "kitchen-tableware",
            "Tableware",
            [
                new("mug", 14, "A mug for coffee and cold hands."),
                new("dinner plate", 18, "A flat plate of 27 cm."),
                new("soup bowl", 15, "A deep bowl that keeps warm."),
                new("teapot", 44, "A teapot with a wide sieve."),
                new("jug", 28, "A jug for water, milk or a few branches."),
                new("serving dish", 36, "An oval dish for the middle of the table."),
                new("egg cup", 7, "An egg cup that stands firm."),
                new("sugar bowl", 17, "A bowl with a lid and a notch for the spoon."),
            ],
            DemoMakes.Clays,
            "Colours",
            DemoMakes.Colours
        ),
        new(
            "BRD",
            "kitchen-boards",
            "Boards and tools",
            [
                new("chopping board", 32, "A board with feet on neither side, so both can be used."),
                new("rolling pin", 22, "A rolling pin without handles, for even pressure."),
                new("salad servers", 19, "A pair of servers that hang on the bowl."),
                new("pepper mill", 38, "A mill with a steel grinder that can be set."),
                new("spoon", 9, "A cooking spoon with one straight edge."),
                new("bread bin", 64, "A bin with a lid that is a board."),
                new("tray", 41, "A tray with a raised rim."),
            ],
            DemoMakes.Woods,
            "",
            []
        ),
        new(
            "TEA",
            "kitchen-tea",
            "Tea and coffee",
            [
                new("breakfast tea", 9, "A strong black tea that takes milk."),
                new("green tea", 11, "A mild green tea; water at 70 degrees."),
                new("herbal tea", 8, "Mint, fennel and a little liquorice."),
                new("filter coffee", 12, "A light roast for the filter, whole beans."),
                new("espresso", 13, "A dark roast for espresso, whole beans."),
                new("cocoa", 10, "Cocoa without sugar, for baking and drinking."),
            ],
            DemoMakes.Origins,
            "Packs",
            DemoMakes.Packs
        ),
        new(
            "LIN",
            "home-linen",
            "Household linen",
            [
                new("tea towel", 12, "A towel that dries glasses without lint."),
                new("tablecloth", 59, "A cloth for a table of six."),
                new("napkin", 9, "A napkin, hemmed with mitred corners."),
                new("cushion cover", 29, "A cover of 50 x 50 cm with a hidden zip."),
                new("bedspread", 99, "A spread for a wide bed."),
                new("curtain", 79, "A curtain of 140 x 250 cm with a pencil pleat."),
                new("apron", 34, "An apron with a pocket in front."),
                new("bath towel", 26, "A towel of 70 x 140 cm with a loop."),
            ],
            DemoMakes.Linens,
            "Colours",
            DemoMakes.Colours
        ),
        new(
            "FUR",
            "home-furniture",
            "Small furniture",
            [
                new("stool", 89, "A three-legged stool that never wobbles."),
                new("side table", 149, "A table for a lamp and a book."),
                new("wall shelf", 69, "A shelf with hidden fittings."),
                new("coat rack", 58, "A rail with five pegs."),
                new("bench", 219, "A bench for the hall, for two people or six pairs of shoes."),
                new("picture frame", 24, "A frame for 30 x 40 cm, with a mount."),
                new("mirror", 119, "A round mirror of 60 cm."),
            ],
            DemoMakes.Woods,
            "",
            []
        ),
        new(
            "VAS",
            "home-vases",
            "Vases and candles",
            [
                new("vase", 36, "A vase with a narrow neck for few stems."),
                new("candle holder", 18, "A holder for candles of 22 mm."),
                new("flowerpot", 21, "A pot with a hole and a saucer."),
                new("lamp base", 74, "A base with a textile cable of two metres."),
                new("bowl for keys", 16, "A shallow bowl for the hall."),
                new("oil burner", 27, "A burner for a tea light."),
            ],
            DemoMakes.Clays,
            "Colours",
            DemoMakes.Colours
        ),
        new(
            "TOP",
            "clothing-tops",
            "Shirts and jumpers",
            [
                new("shirt", 69, "A shirt with a soft collar and one pocket."),
                new("jumper", 89, "A jumper with a round neck and room to move."),
                new("cardigan", 99, "A cardigan with horn buttons."),
                new("T-shirt", 29, "A T-shirt that keeps its shape."),
                new("waistcoat", 79, "A waistcoat with a satin back."),
            ],
            DemoMakes.Cloths,
            "Sizes",
            DemoMakes.Sizes
        ),
        new(
            "BOT",
            "clothing-trousers",
            "Trousers and skirts",
            [
                new("trousers", 89, "Straight trousers with a high waist."),
                new("shorts", 49, "Shorts to just above the knee."),
                new("skirt", 74, "A skirt with pockets."),
                new("pyjama bottoms", 39, "Wide bottoms with a drawstring."),
                new("overalls", 119, "Overalls with reinforced knees."),
            ],
            DemoMakes.Cloths,
            "Sizes",
            DemoMakes.Sizes
        ),
        new(
            "COA",
            "outdoor-jackets",
            "Jackets and layers",
            [
                new("rain jacket", 149, "A jacket with taped seams and a hood that turns with the head."),
                new("parka", 229, "A long jacket for wind and standing around."),
                new("anorak", 129, "An anorak with one large front pocket."),
                new("base layer", 59, "A first layer with flat seams."),
                new("gloves", 35, "Gloves that work on a screen."),
                new("cap", 27, "A cap with flaps for the ears."),
            ],
            DemoMakes.Weathers,
            "Sizes",
            DemoMakes.Sizes
        ),
        new(
            "SHO",
            "outdoor-shoes",
            "Shoes and socks",
            [
                new("walking boots", 169, "Boots over the ankle, resoled for half the price."),
                new("trail shoes", 119, "Light shoes with a sole that holds on wet rock."),
                new("wellingtons", 59, "Rubber boots from natural rubber."),
                new("hut slippers", 44, "Slippers for the evening at the hut."),
                new("hiking socks", 17, "Socks with padding where boots press."),
            ],
            DemoMakes.Weathers,
            "Sizes",
            DemoMakes.Shoes
        ),
        new(
            "BAG",
            "outdoor-bags",
            "Bags and rucksacks",
            [
                new("rucksack", 99, "A rucksack of 25 litres with a straight back."),
                new("shoulder bag", 69, "A bag with a flap and a wide strap."),
                new("duffel bag", 84, "A bag of 45 litres that opens along its whole length."),
                new("washbag", 32, "A washbag with a hook."),
                new("bottle sleeve", 15, "A sleeve for bottles of up to a litre."),
            ],
            DemoMakes.Weathers,
            "Colours",
            DemoMakes.Colours
        ),
        new(
            "PAP",
            "desk-paper",
            "Notebooks and paper",
            [
                new("notebook", 14, "A notebook of 192 numbered pages that lies flat."),
                new("sketchbook", 19, "A sketchbook of 96 pages without show-through."),
                new("diary", 22, "A diary with a week on two pages."),
                new("address book", 17, "An address book with a cut index."),
                new("writing pad", 9, "A pad of 50 sheets, ruled faintly."),
                new("photo album", 39, "An album for two hundred pictures."),
            ],
            DemoMakes.Papers,
            "Colours",
            DemoMakes.Colours
        ),
        new(
            "ORD",
            "desk-order",
            "Order on the desk",
            [
                new("pen tray", 24, "A tray for pens and the things between them."),
                new("letter rack", 29, "A rack with three compartments."),
                new("desk lamp", 109, "A lamp with a jointed arm and a warm light."),
                new("monitor stand", 79, "A stand that leaves room for the keyboard."),
                new("card box", 34, "A box for cards up to A6."),
                new("bookends", 38, "A pair of bookends with felt below."),
            ],
            DemoMakes.Woods,
            "",
            []
        ),
    ];
}
