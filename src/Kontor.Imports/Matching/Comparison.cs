namespace Kontor.Imports.Matching;

/// <summary>What two articles have in common and what speaks against them; each from 0 to 1 if nothing else is said.</summary>
struct Comparison
{
    public double Gtin;

    /// <summary>Both have valid bar codes and none is the same.</summary>
    public double GtinConflict;
    public double TitleCosine;

    /// <summary>How much of the shorter title is in the longer one.</summary>
    public double TitleContained;
    public double WholeCosine;

    /// <summary>How much of one title is anywhere in the other article.</summary>
    public double WholeContained;

    /// <summary>Both name the part number and it is the same, and the brands do not differ.</summary>
    public double Numbered;

    /// <summary>The part number of one is the other's, or stands in its title.</summary>
    public double Part;

    /// <summary>How rare the rarest code is that stands in both titles.</summary>
    public double Code;

    /// <summary>How much of two codes is the same.</summary>
    public double Near;
    public double PartConflict;
    public double CodeConflict;

    /// <summary>Kinds of measures.</summary>
    public double MeasuresAgree;

    /// <summary>Kinds of measures.</summary>
    public double MeasuresConflict;

    /// <summary>Kinds of measures that no two offers of one article differ in.</summary>
    public double TellingConflict;

    /// <summary>The logarithm of how many times dearer one is, beyond a usual difference; up to 2.</summary>
    public double PriceFar;
    public double PriceNear;
    public double BrandAgrees;
    public double BrandConflict;
    public double ColourConflict;
    public double ColourAgrees;
}
