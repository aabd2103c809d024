using System.Collections.Frozen;
using System.Globalization;
using Kontor.Imports.Validating;

namespace Kontor.Imports.Mapping;

/// <summary>Units of goods, exactly, as decimal factors of one unit for each kind.</summary>
static class Units
{
    static readonly FrozenDictionary<string, (string Kind, decimal Factor)> Known = new (
        string Kind,
        decimal Factor,
        string Names
    )[]
    {
        ("mass", 0.001m, "mg"),
        ("mass", 1m, "g gr gram grams gramme"),
        ("mass", 1000m, "kg kilo kilos kilogram kilograms"),
        ("mass", 28.349523125m, "oz ounce ounces"),
        ("mass", 453.59237m, "lb lbs pound pounds"),
        ("length", 1m, "mm"),
        ("length", 10m, "cm"),
        ("length", 1000m, "m meter meters metre metres"),
        ("length", 25.4m, "in inch inches \" ''"),
        ("length", 304.8m, "ft foot feet '"),
        ("volume", 1m, "ml"),
        ("volume", 10m, "cl"),
        ("volume", 100m, "dl"),
        ("volume", 1000m, "l liter liters litre litres"),
        ("volume", 29.5735295625m, "floz"),
        ("power", 1m, "w watt watts"),
        ("power", 1000m, "kw"),
        ("energy", 1m, "kj"),
        ("energy", 4.184m, "kcal"),
        ("bytes", 1m, "mb"),
        ("bytes", 1000m, "gb"),
        ("bytes", 1_000_000m, "tb"),
        ("frequency", 1m, "hz"),
        ("frequency", 1000m, "khz"),
        ("frequency", 1_000_000m, "mhz"),
        ("frequency", 1_000_000_000m, "ghz"),
    }
        .SelectMany(unit => unit.Names.Split(' ').Select(name => (name, (unit.Kind, unit.Factor))))
        .ToFrozenDictionary(pair => pair.name, pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    public static bool Exists(string unit) => Known.ContainsKey(Normal(unit));

    /// <summary>The number in the unit <paramref name="to"/>, to twelve decimals; null where there is none.</summary>
    /// <param name="unit">Of a number without one.</param>
    public static string? Convert(string text, string? unit, string to)
    {
        var end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        var own = Normal(text[end..]);
        var from = own.Length > 0 ? own : Normal(unit ?? to);
        if (
            end == 0
            || !Decimals.TryRead(text[..end], DecimalForm.Point, out var plain, out _)
            || plain.Length > 20
            || !Known.TryGetValue(from, out var source)
            || !Known.TryGetValue(Normal(to), out var target)
            || source.Kind != target.Kind
        )
            return null;
        var number = decimal.Parse(plain, CultureInfo.InvariantCulture);
        if (Math.Abs(number) > 1_000_000_000_000m)
            return null;
        var converted =
            source.Factor == target.Factor ? number : Math.Round(number * source.Factor / target.Factor, 12);
        return Decimals.Canonical(converted.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The numbers between signs of multiplication, each with the unit that stands behind it or behind the last.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var parts = text.Replace('×', 'x').Replace('X', 'x').Split('x', StringSplitOptions.TrimEntries);
        var unit = UnitOf(parts[^1]);
        return parts
            .Where(part => part.Length > 0 && char.IsAsciiDigit(part[0]))
            .Select(part => UnitOf(part).Length > 0 || unit.Length == 0 ? part : $"{part} {unit}");
    }

    static string UnitOf(string part) => part[(part.AsSpan().LastIndexOfAnyInRange('0', '9') + 1)..].Trim();

    static string Normal(string unit) =>
        unit.Trim()
            .TrimEnd('.')
            .Replace(" ", "", StringComparison.Ordinal)
            .Replace("fl.", "fl", StringComparison.Ordinal);
}
