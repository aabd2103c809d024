namespace Kontor.Imports.Matching;

/// <summary>
/// From what was compared to a score. The weights are fixed: they were found on the tuning halves of the two judged sets
/// (docs/reference/imports-matching.md) and are the same for every shop; what is rare in a feed is found out from the feed.
/// </summary>
static class Scoring
{
    /// <summary>Below this a pair is nobody's rival.</summary>
    public const double Floor = -7;

    /// <summary>The strength of nobody.</summary>
    public const double Nobody = -12;

    /// <summary>The same bar code outweighs all the rest.</summary>
    public const double SameGtin = 20;

    /// <summary>A rival that is further behind is no rival.</summary>
    public const double FarBehind = 4;

    /// <summary>How far ahead of its next rival a pair is that needs no person.</summary>
    public const double Ahead = 2;

    public static double Strength(in Comparison found) =>
        -7.69
        + found.Gtin * SameGtin
        + found.TitleCosine * 5.24
        - found.TitleContained * 1.19
        - found.WholeCosine * 3.59
        + found.WholeContained * 5.35
        + found.Numbered * 2.58
        + found.Part * 3.20
        + found.Code * 0.82
        + found.Near * 1.54
        - found.PartConflict * 0.25
        - found.CodeConflict * 0.23
        + found.MeasuresAgree * 0.04
        - found.MeasuresConflict * 0.51
        - found.TellingConflict * 2.73
        - found.PriceFar * 1.89
        + found.PriceNear * 0.09
        - found.BrandAgrees * 0.34
        - found.BrandConflict * 3.11
        + found.ColourAgrees * 0.54
        - found.ColourConflict * 2.92
        - found.GtinConflict * 3;

    /// <summary>0 to 1, from the strength and from how far the next rivals of the one and of the other are behind.</summary>
    public static double Score(double strength, double ahead, double otherAhead)
    {
        var (near, far) = (Math.Min(ahead, otherAhead), Math.Max(ahead, otherAhead));
        return 1 / (1 + Math.Exp(0.65 - 0.26 * strength - 1.01 * Clamped(near) + 0.33 * Clamped(far)));
    }

    static double Clamped(double ahead) => Math.Clamp(ahead, -FarBehind, FarBehind);
}
