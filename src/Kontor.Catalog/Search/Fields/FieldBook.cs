using System.Collections.Frozen;
using Kontor.Catalog.ProductTypes;

namespace Kontor.Catalog.Search.Fields;

/// <summary>The attributes that products are found by, of all types, by the names that callers say.</summary>
sealed class FieldBook
{
    /// <summary>Beside the attributes; an attribute that is called so is said as <c>attribute.type</c>.</summary>
    public const string Category = "category";
    public const string Type = "type";
    public const string Price = "price";
    public const string Availability = "availability";

    const string Attribute = "attribute.";
    const int MostTold = 50;

    public static readonly IReadOnlyList<string> OfAll = [Category, Type, Price, Availability];
    public static readonly FieldBook Empty = new([]);

    readonly FrozenDictionary<string, AttributeField[]> byKey;

    public FieldBook(IReadOnlyList<TypeDefinition> types)
    {
        Types = types.ToFrozenDictionary(type => type.Key, type => type.Title, StringComparer.Ordinal);
        byKey = types
            .SelectMany(type => type.Attributes)
            .Select(AttributeField.Of)
            .Where(field => field.Use != AttributeUse.None)
            .GroupBy(field => field.Key, StringComparer.Ordinal)
            .ToFrozenDictionary(
                key => key.Key,
                key =>
                    key.GroupBy(field => (field.Family, field.Unit))
                        .Select(same => same.Aggregate((one, other) => one.With(other)))
                        .ToArray(),
                StringComparer.Ordinal
            );
    }

    /// <summary>Titles by key.</summary>
    public FrozenDictionary<string, string> Types { get; }

    /// <summary>The attributes that a name can mean for this use, one for each family.</summary>
    public IReadOnlyList<AttributeField> Find(string name, AttributeUse use)
    {
        var plain = name.StartsWith(Attribute, StringComparison.Ordinal) ? name[Attribute.Length..] : name;
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        var fields = byKey.GetValueOrDefault(dot < 0 ? plain : plain[..dot]) ?? [];
        return
        [
            .. fields.Where(field =>
                (field.Use & use) != AttributeUse.None
                && (
                    dot < 0
                    || string.Equals(field.ExactName, plain, StringComparison.Ordinal)
                    || (field.Family == FieldFamily.Money && CurrencyIn(plain) is not null)
                )
            ),
        ];
    }

    /// <summary>The currency that a name ends with: <c>deposit.EUR</c>.</summary>
    public static string? CurrencyIn(string name) =>
        name.Length > 4 && name[^4] == '.' && name[^3..].All(char.IsAsciiLetterUpper) ? name[^3..] : null;

    /// <summary>What there is for a use, for whoever named something else.</summary>
    public string Known(AttributeUse use, params IEnumerable<string> others)
    {
        var names = byKey
            .Values.Where(fields => fields.Any(field => (field.Use & use) != AttributeUse.None))
            .SelectMany(fields =>
                fields.Length == 1
                    ?
                    [
                        OfAll.Contains(fields[0].Key, StringComparer.Ordinal)
                            ? Attribute + fields[0].Key
                            : fields[0].Key,
                    ]
                    : fields.Where(field => (field.Use & use) != AttributeUse.None).Select(field => field.ExactName)
            )
            .Order(StringComparer.Ordinal);
        var all = others.Concat(names).ToList();
        return all.Count <= MostTold
            ? $"Known: {string.Join(", ", all)}."
            : $"Known: {string.Join(", ", all.Take(MostTold))} … ({all.Count} in all).";
    }
}
