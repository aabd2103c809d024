namespace Kontor.Imports.Matching;

/// <summary>Compares two profiles; the same whichever is named first.</summary>
sealed class Comparer(Vocabulary vocabulary)
{
    const double NearEnough = 0.6;
    const int MinShared = 4;

    public Comparison Compare(Profile one, Profile other)
    {
        var found = new Comparison();
        if (one.Gtins.Count > 0 && other.Gtins.Count > 0)
            (found.Gtin, found.GtinConflict) = one.Gtins.Any(other.Gtins.Contains) ? (1, 0) : (0, 1);
        Titles(one, other, ref found);
        var whole = Common(one.Whole, other.Whole);
        found.WholeCosine = whole / Math.Sqrt(one.WholeWeight * other.WholeWeight + 1e-9);
        found.WholeContained = Math.Max(
            Common(one.Title, other.Whole) / (one.TitleWeight + 1e-9),
            Common(other.Title, one.Whole) / (other.TitleWeight + 1e-9)
        );
        MeasuresOf(one, other, ref found);
        Prices(one, other, ref found);
        BrandsOf(one, other, ref found);
        Parts(one, other, ref found);
        if (one.Colours != 0 && other.Colours != 0)
            (found.ColourAgrees, found.ColourConflict) = (one.Colours & other.Colours) != 0 ? (1, 0) : (0, 1);
        return found;
    }

    double Common(int[] one, int[] other)
    {
        var (i, j, sum) = (0, 0, 0d);
        while (i < one.Length && j < other.Length)
            if (one[i] == other[j])
            {
                var weight = vocabulary.Weight(one[i]);
                sum += weight * weight;
                i++;
                j++;
            }
            else if (one[i] < other[j])
                i++;
            else
                j++;
        return sum;
    }

    void Titles(Profile one, Profile other, ref Comparison found)
    {
        var common = Common(one.Title, other.Title);
        foreach (var code in one.Codes)
        {
            if (Array.BinarySearch(other.Title, code) >= 0)
                continue;
            var (best, likeness) = (-1, 0d);
            foreach (var candidate in other.Codes)
                if (
                    Array.BinarySearch(one.Title, candidate) < 0
                    && Likeness(vocabulary.Word(code), vocabulary.Word(candidate)) is var alike
                    && alike > likeness
                )
                    (best, likeness) = (candidate, alike);
            if (best >= 0)
                common += likeness * vocabulary.Weight(code) * vocabulary.Weight(best);
        }
        found.TitleCosine = Math.Min(1, common / Math.Sqrt(one.TitleWeight * other.TitleWeight + 1e-9));
        found.TitleContained = Math.Min(1, common / (Math.Min(one.TitleWeight, other.TitleWeight) + 1e-9));
    }

    static void BrandsOf(Profile one, Profile other, ref Comparison found)
    {
        if (one.Brand is { } brand && other.Brand is { } theirs)
        {
            var agrees = Brands.Agree(brand, theirs) || Begins(other, brand) || Begins(one, theirs);
            (found.BrandAgrees, found.BrandConflict) = agrees ? (1, 0) : (0, 1);
        }
        else if (Begins(other, one.Brand ?? one.First) || Begins(one, other.Brand ?? other.First))
            found.BrandAgrees = 1;
    }

    static bool Begins(Profile profile, string brand) =>
        brand.Length > 1 && profile.Compact.StartsWith(brand, StringComparison.Ordinal);

    void Parts(Profile one, Profile other, ref Comparison found)
    {
        if (one.Part is { } part && other.Part is { } theirs)
        {
            if (part == theirs)
            {
                found.Part = 1;
                found.Numbered = found.BrandConflict == 0 ? 1 : 0;
            }
            else if (Likeness(part, theirs) is var alike and > 0)
                found.Near = alike;
            else
                found.PartConflict = 1;
        }
        if ((one.Part is { } mine && Found(mine, other)) || (other.Part is { } another && Found(another, one)))
            (found.Part, found.PartConflict) = (1, 0);
        foreach (var code in one.Codes)
        foreach (var candidate in other.Codes)
            if (code == candidate)
                found.Code = Math.Max(found.Code, vocabulary.Rarity(code));
            else
                found.Near = Math.Max(found.Near, Likeness(vocabulary.Word(code), vocabulary.Word(candidate)));
        if (found.Part == 0 && found.Near == 0 && found.Code == 0 && one.Codes.Length > 0 && other.Codes.Length > 0)
            found.CodeConflict = 1;
        if (found.Part == 1)
            found.Near = 0;
    }

    static bool Found(string part, Profile other) =>
        part.Length >= 5 && other.Compact.Contains(part, StringComparison.Ordinal);

    /// <summary>How much of two codes is the same beginning or end; 0 where it is too little to mean anything.</summary>
    static double Likeness(string one, string other)
    {
        var shorter = Math.Min(one.Length, other.Length);
        if (shorter < MinShared)
            return 0;
        var start = one.AsSpan().CommonPrefixLength(other);
        var end = 0;
        while (end < shorter && one[^(end + 1)] == other[^(end + 1)])
            end++;
        var same = Math.Max(start, end);
        var likeness = (double)same / Math.Max(one.Length, other.Length);
        var shared = start >= end ? one.AsSpan(0, start) : one.AsSpan(one.Length - end);
        return same >= MinShared && likeness >= NearEnough && shared.ContainsAnyInRange('0', '9') ? likeness : 0;
    }

    static void MeasuresOf(Profile one, Profile other, ref Comparison found)
    {
        var seen = "";
        foreach (var measure in one.Measures.OrderBy(measure => measure.Kind, StringComparer.Ordinal))
        {
            if (measure.Kind == seen || !Has(other.Measures, measure.Kind))
                continue;
            seen = measure.Kind;
            if (AnyOf(one.Measures, other.Measures, seen))
                found.MeasuresAgree++;
            else if (!AnyOf(one.AllMeasures, other.AllMeasures, seen))
            {
                found.MeasuresConflict++;
                found.TellingConflict += Measures.IsTelling(seen) ? 1 : 0;
            }
        }
    }

    static bool Has(Measure[] some, string kind)
    {
        foreach (var measure in some)
            if (measure.Kind == kind)
                return true;
        return false;
    }

    /// <summary>Whether the two agree in any measure of the kind: a title may name several sizes.</summary>
    static bool AnyOf(Measure[] some, Measure[] others, string kind)
    {
        foreach (var measure in some)
        foreach (var other in others)
            if (measure.Kind == kind && measure.Agrees(other))
                return true;
        return false;
    }

    static void Prices(Profile one, Profile other, ref Comparison found)
    {
        if (
            one.Article.Price is not { Amount: > 0 } price
            || other.Article.Price is not { Amount: > 0 } theirs
            || price.Currency != theirs.Currency
        )
            return;
        var apart = Math.Abs(Math.Log((double)price.Amount / theirs.Amount));
        found.PriceFar = Math.Clamp(apart - 0.3, 0, 2);
        found.PriceNear = apart < 0.15 ? 1 : 0;
    }
}
