namespace Kontor.Imports.Matching;

/// <summary>What two articles have in common and what speaks against them, each as a number that a weight is given to.</summary>
struct Comparison
{
    public double TitleCosine;
    public double TitleContained;
    public double WholeCosine;
    public double WholeContained;
    public double Part;
    public double Near;
    public double PartConflict;
    public double CodeConflict;
    public double MeasuresAgree;
    public double MeasuresConflict;
    public double TellingConflict;
    public double PriceFar;
    public double PriceNear;
    public double BrandAgrees;
    public double BrandConflict;
    public double ColourConflict;
    public double ColourAgrees;
}
