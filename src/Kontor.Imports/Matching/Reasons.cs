using System.Globalization;

namespace Kontor.Imports.Matching;

/// <summary>What was found, for a person who decides.</summary>
static class Reasons
{
    const double Notable = 0.005;

    public static IReadOnlyList<string> For(Profile left, Profile right, in Comparison found, bool isContested)
    {
        var reasons = new List<string>();
        if (found.Gtin == 1)
            reasons.Add($"same GTIN {left.Gtins.First(right.Gtins.Contains)}");
        if (found.GtinConflict == 1)
            reasons.Add($"GTIN {left.Gtins[0]} against {right.Gtins[0]}");
        if (found.Numbered == 1 && found.BrandAgrees == 1)
            reasons.Add($"brand and part number {left.Article.PartNumber ?? left.Part}");
        else if (found.Part == 1)
            reasons.Add($"part number {Shared(left, right)}");
        else if (found.Near > 0)
            reasons.Add(Text($"similar part number {found.Near:0.00}"));
        if (found.PartConflict == 1)
            reasons.Add($"part number {left.Part} against {right.Part}");
        reasons.Add(Text($"title {found.TitleCosine:0.00}"));
        if (found.WholeContained - found.TitleCosine > Notable)
            reasons.Add(Text($"title in the other's text {found.WholeContained:0.00}"));
        if (found.MeasuresAgree > 0)
            reasons.Add("same measures");
        if (found.MeasuresConflict > 0)
            reasons.Add($"measures {Listed(left)} against {Listed(right)}");
        if (found.BrandConflict == 1)
            reasons.Add($"brand {left.Article.Brand} against {right.Article.Brand}");
        if (found.ColourConflict == 1)
            reasons.Add("another colour");
        if (found.PriceFar > 0)
            reasons.Add($"price {left.Article.Price} against {right.Article.Price}");
        if (isContested)
            reasons.Add("another article is nearly as good or has the same number");
        return reasons;
    }

    static string? Shared(Profile left, Profile right) =>
        left.Part is { } part && (part == right.Part || right.Compact.Contains(part, StringComparison.Ordinal))
            ? left.Article.PartNumber ?? part.ToUpperInvariant()
            : right.Article.PartNumber ?? right.Part?.ToUpperInvariant();

    static string Listed(Profile profile) => string.Join(' ', profile.Measures.Select(measure => measure.Word));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
