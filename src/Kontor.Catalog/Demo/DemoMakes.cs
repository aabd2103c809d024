namespace Kontor.Catalog.Demo;

/// <summary>What the goods of the demo shop are made of, and the options they come in.</summary>
static class DemoMakes
{
    public static readonly string[] Litres = ["1 l", "1.5 l", "2 l", "3 l", "5 l", "8 l"];
    public static readonly string[] Colours = ["White", "Sand", "Moss", "Slate", "Rust", "Ink"];
    public static readonly string[] Sizes = ["S", "M", "L", "XL", "XS", "XXL"];
    public static readonly string[] Shoes = ["38", "39", "40", "41", "42", "43"];
    public static readonly string[] Packs = ["250 g", "500 g", "1 kg", "1.5 kg", "2 kg", "3 kg"];

    public static readonly DemoMake[] Metals =
    [
        new("Stainless steel", 100, "Brushed 18/10 steel that goes into the dishwasher."),
        new("Cast iron", 130, "Heavy, slow to heat and slow to cool."),
        new("Enamelled", 110, "Enamelled inside and out, so it takes sour food without a trace."),
        new("Copper", 240, "Lined with tin; follows the flame within seconds."),
        new("Aluminium", 80, "Light, with a base for induction."),
        new("Three-ply", 150, "Steel around an aluminium core, up to the rim."),
    ];
    public static readonly DemoMake[] Clays =
    [
        new("Stoneware", 100, "Fired at 1,250 degrees, hard and dense."),
        new("Porcelain", 130, "Thin, white and stronger than it looks."),
        new("Earthenware", 80, "Thrown on the wheel, glazed with a soft sheen."),
        new("Glass", 90, "Blown by mouth, with a tint of its own."),
        new("Bone china", 180, "Translucent and light in the hand."),
        new("Salt-glazed", 120, "Glazed with salt in the kiln, a little different each time."),
    ];
    public static readonly DemoMake[] Woods =
    [
        new("Oak", 100, "Solid oak, oiled by hand."),
        new("Walnut", 160, "Solid walnut with a lively grain."),
        new("Ash", 95, "Pale ash, soaped so that it stays light."),
        new("Birch", 80, "Birch from managed forests, lacquered matt."),
        new("Cherry", 130, "Cherry wood that darkens with the years."),
        new("Beech", 85, "Steamed beech, fine-grained and tough."),
    ];
    public static readonly DemoMake[] Linens =
    [
        new("Linen", 120, "Washed linen that gets softer with every wash."),
        new("Cotton", 100, "Organic cotton, woven densely."),
        new("Half-linen", 110, "Cotton warp and linen weft."),
        new("Hemp", 115, "Hemp with a dry, cool touch."),
        new("Waffle-weave", 105, "Woven in waffles, quick to dry."),
        new("Chambray", 95, "Coloured warp and white weft."),
    ];
    public static readonly DemoMake[] Cloths =
    [
        new("Linen", 120, "Washed linen that gets softer with every wash."),
        new("Cotton", 100, "Organic cotton, pre-washed so that it keeps its size."),
        new("Wool", 150, "Lambswool, warm also when damp."),
        new("Hemp", 115, "Hemp with a dry, cool touch."),
        new("Jersey", 95, "Knitted cloth that gives way where you do."),
        new("Cotton-linen", 110, "Half cotton, half linen: cool, and it hardly creases."),
    ];
    public static readonly DemoMake[] Weathers =
    [
        new("Skerry", 120, "Made for the coast: nothing on it rusts."),
        new("Fell", 130, "Reinforced where it wears first."),
        new("Meadow", 100, "The light line, for warm days."),
        new("Tundra", 150, "The warm line, for days below zero."),
        new("Birchwood", 110, "Plain, with as few seams as can be."),
        new("Harbour", 90, "The cut that has been in the shop since the beginning."),
    ];
    public static readonly DemoMake[] Origins =
    [
        new("House", 100, "Our everyday choice."),
        new("Highland", 130, "Grown above 1,200 metres and picked by hand."),
        new("Garden", 115, "From a single garden, in small lots."),
        new("Harbour", 90, "Robust, as they like it on the quay."),
        new("Festive", 120, "Made for the dark months, a little richer."),
        new("Reserve", 170, "The best lots of the year, while they last."),
    ];
    public static readonly DemoMake[] Papers =
    [
        new("Recycled", 90, "Recycled paper with a warm tone."),
        new("Cotton paper", 150, "Cotton paper that takes ink without feathering."),
        new("Kraft", 80, "Unbleached kraft, strong and plain."),
        new("Cloth-bound", 130, "Bound in bookcloth, with a ribbon."),
        new("Pocket", 75, "The small one for the road."),
        new("Marbled", 140, "Covered in marbled paper; no two are alike."),
    ];
}
