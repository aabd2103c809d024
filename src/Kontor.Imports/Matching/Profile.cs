namespace Kontor.Imports.Matching;

/// <summary>An article made ready for being compared many times.</summary>
/// <param name="Title">Distinct words of the title, ascending.</param>
/// <param name="Whole">Distinct words of title, description, attributes and part number, ascending.</param>
/// <param name="Codes">Distinct words of the title that may be part numbers.</param>
/// <param name="Keys">Under what it is looked for: its words, pieces and beginnings of codes.</param>
/// <param name="Compact">The title's letters and digits, for part numbers that are written in several words.</param>
sealed record Profile(Article Article, int Supplier, int[] Title, int[] Whole, int[] Codes, int[] Keys, string Compact)
{
    public required IReadOnlyList<string> Gtins { get; init; }
    public required string? Brand { get; init; }

    /// <summary>The title's first word, which is often the brand where a supplier does not name it.</summary>
    public required string First { get; init; }

    /// <summary>Letters and digits of the part number; null where it is none or too short to tell anything.</summary>
    public required string? Part { get; init; }
    public required Measure[] Measures { get; init; }

    /// <summary>Measures of everything that is said: where one is not in the other's title it may be here.</summary>
    public required Measure[] AllMeasures { get; init; }

    /// <summary>A bit for each colour that the title names.</summary>
    public required int Colours { get; init; }

    /// <summary>The sums of the squared weights of the words.</summary>
    public double TitleWeight { get; set; }
    public double WholeWeight
    {
        get;
        set => (field, PerWholeLength) = (value, (float)(1 / Math.Sqrt(value + 1)));
    }

    public float PerWholeLength { get; private set; }
}
