using System.Collections.Frozen;
using System.Globalization;

namespace Kontor.Imports.Matching;

/// <summary>A number with its unit as a title has it, in the base unit of its kind: 8 GB and 8192 MB are one.</summary>
readonly record struct Measure(string Kind, double Value)
{
    /// <summary>1000 and 1024 megabytes are one gigabyte to a seller, and 19 inches may be 18.9.</summary>
    const double Tolerance = 0.035;

    public bool Agrees(Measure other) =>
        Kind == other.Kind && Math.Abs(Value - other.Value) <= Tolerance * Math.Max(Value, other.Value);

    public string Word => Value.ToString("0.##", CultureInfo.InvariantCulture) + Kind;
}

/// <summary>The units that titles of articles use.</summary>
static class Measures
{
    /// <summary>Kinds of which two articles that differ are two articles, whatever else they share.</summary>
    static readonly FrozenSet<string> Telling = FrozenSet.Create(StringComparer.Ordinal, "mb", "pack", "port");

    static readonly FrozenDictionary<string, (string Kind, double Factor)> Units = new Dictionary<
        string,
        (string, double)
    >(StringComparer.Ordinal)
    {
        ["kb"] = ("mb", 1 / 1024d),
        ["mb"] = ("mb", 1),
        ["gb"] = ("mb", 1024),
        ["gigabyte"] = ("mb", 1024),
        ["tb"] = ("mb", 1024 * 1024),
        ["terabyte"] = ("mb", 1024 * 1024),
        ["mhz"] = ("mhz", 1),
        ["ghz"] = ("mhz", 1000),
        ["hz"] = ("hz", 1),
        ["w"] = ("watt", 1),
        ["watt"] = ("watt", 1),
        ["v"] = ("volt", 1),
        ["volt"] = ("volt", 1),
        ["amp"] = ("amp", 1),
        ["mah"] = ("mah", 1),
        ["inch"] = ("inch", 1),
        ["in"] = ("inch", 1),
        ["'"] = ("inch", 1),
        ["\""] = ("inch", 1),
        ["ft"] = ("foot", 1),
        ["feet"] = ("foot", 1),
        ["foot"] = ("foot", 1),
        ["mm"] = ("mm", 1),
        ["cm"] = ("mm", 10),
        ["m"] = ("metre", 1),
        ["meter"] = ("metre", 1),
        ["metre"] = ("metre", 1),
        ["pack"] = ("pack", 1),
        ["packs"] = ("pack", 1),
        ["pk"] = ("pack", 1),
        ["ct"] = ("pack", 1),
        ["count"] = ("pack", 1),
        ["pcs"] = ("pack", 1),
        ["port"] = ("port", 1),
        ["channel"] = ("channel", 1),
        ["ch"] = ("channel", 1),
        ["outlet"] = ("outlet", 1),
        ["disc"] = ("disc", 1),
        ["mbps"] = ("mbps", 1),
        ["gbps"] = ("mbps", 1000),
        ["mp"] = ("mp", 1),
        ["megapixel"] = ("mp", 1),
        ["x"] = ("times", 1),
        ["p"] = ("lines", 1),
        ["i"] = ("lines", 1),
        ["dpi"] = ("dpi", 1),
        ["oz"] = ("oz", 1),
        ["ounce"] = ("oz", 1),
        ["lb"] = ("lb", 1),
        ["lbs"] = ("lb", 1),
        ["kg"] = ("gram", 1000),
        ["g"] = ("gram", 1),
        ["gram"] = ("gram", 1),
        ["ml"] = ("ml", 1),
        ["cl"] = ("ml", 10),
        ["l"] = ("ml", 1000),
        ["liter"] = ("ml", 1000),
        ["litre"] = ("ml", 1000),
        ["page"] = ("page", 1),
        ["sheet"] = ("sheet", 1),
        ["user"] = ("user", 1),
        ["year"] = ("year", 1),
        ["yr"] = ("year", 1),
        ["cu"] = ("cubic", 1),
        ["btu"] = ("btu", 1),
        ["ms"] = ("ms", 1),
        ["rpm"] = ("rpm", 1),
        ["va"] = ("va", 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static readonly FrozenDictionary<string, (string, double)>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        Units.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="alone">The unit stands in a word of its own: then single letters are more often something else.</param>
    public static bool Is(ReadOnlySpan<char> number, ReadOnlySpan<char> unit, bool alone, out Measure measure)
    {
        measure = default;
        if (unit.Length > 3 && unit[^1] == 's')
            unit = unit[..^1];
        if (alone && unit.Length == 1 && char.IsAsciiLetter(unit[0]) && unit[0] is not 'w')
            return false;
        if (unit.IsEmpty || !BySpan.TryGetValue(unit, out var known))
            return false;
        if (
            !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value <= 0
        )
            return false;
        measure = new(known.Item1, value * known.Item2);
        return true;
    }

    public static bool IsTelling(string kind) => Telling.Contains(kind);
}
