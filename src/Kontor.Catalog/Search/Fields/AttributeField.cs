using Kontor.Catalog.ProductTypes;

namespace Kontor.Catalog.Search.Fields;

/// <summary>What values of an attribute are to the index. Those of two families never share a field: five grams are not
/// five kilograms.</summary>
enum FieldFamily
{
    /// <summary>Texts, words of a list, yes and no, keys: equal or not.</summary>
    Words,
    Number,

    /// <summary>Numbers of one unit.</summary>
    Measure,

    /// <summary>Minor units of one currency.</summary>
    Money,

    /// <summary>Days and moments, as seconds since 1970.</summary>
    Time,
}

/// <summary>An attribute of one or several types that mean the same by it.</summary>
/// <param name="Unit">Of a measure.</param>
/// <param name="Values">What it can be, where types list it; null: anything.</param>
/// <param name="Target">What references name.</param>
sealed record AttributeField(
    string Key,
    FieldFamily Family,
    string? Unit,
    string Title,
    AttributeUse Use,
    IReadOnlySet<string>? Values = null,
    ReferenceTarget? Target = null
)
{
    /// <summary>Before the names of attributes, which may be called like a field that every product has.</summary>
    const string Mark = "@";

    /// <summary>What a caller says where the key alone is not enough.</summary>
    public string ExactName =>
        Family switch
        {
            FieldFamily.Words => $"{Key}.words",
            FieldFamily.Number => $"{Key}.number",
            FieldFamily.Measure => $"{Key}.{Unit}",
            FieldFamily.Money => $"{Key}.money",
            _ => $"{Key}.time",
        };

    /// <summary>Its name in the index.</summary>
    /// <param name="currency">Of amounts of money.</param>
    public string NameIn(string? currency = null) =>
        Family switch
        {
            FieldFamily.Words => Mark + Key,
            FieldFamily.Money => $"{Mark}{Key}.{currency}",
            _ => Mark + ExactName,
        };

    public static string TextOf(string key) => Mark + key;

    public static FieldFamily FamilyOf(AttributeKind kind) =>
        kind switch
        {
            AttributeKind.Number => FieldFamily.Number,
            AttributeKind.Measure => FieldFamily.Measure,
            AttributeKind.Money => FieldFamily.Money,
            AttributeKind.Date or AttributeKind.DateTime => FieldFamily.Time,
            _ => FieldFamily.Words,
        };

    public static AttributeField Of(AttributeDefinition rule) =>
        new(
            rule.Key,
            FamilyOf(rule.Kind),
            rule.Unit,
            rule.Title ?? rule.Key,
            UseOf(rule.Index),
            rule.Kind switch
            {
                AttributeKind.Enum => rule.Values?.ToHashSet(StringComparer.Ordinal),
                AttributeKind.Boolean => YesOrNo,
                _ => null,
            },
            rule.To
        );

    static readonly IReadOnlySet<string> YesOrNo = new HashSet<string>(StringComparer.Ordinal) { "true", "false" };

    static AttributeUse UseOf(IReadOnlyList<AttributeIndex>? index) =>
        (index ?? []).Aggregate(
            AttributeUse.None,
            (use, one) =>
                use
                | one switch
                {
                    AttributeIndex.Filter => AttributeUse.Filter,
                    AttributeIndex.Facet => AttributeUse.Filter | AttributeUse.Facet,
                    AttributeIndex.Sort => AttributeUse.Sort,
                    _ => AttributeUse.Search,
                }
        );

    /// <summary>Of two types that mean the same: what both can do, and what either can be.</summary>
    public AttributeField With(AttributeField other) =>
        this with
        {
            Use = Use | other.Use,
            Values =
                Values is null || other.Values is null
                    ? null
                    : Values.Union(other.Values, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal),
            Target = Target == other.Target ? Target : null,
        };
}

/// <summary>What an attribute is kept ready for. A facet can be filtered by.</summary>
[Flags]
enum AttributeUse
{
    None = 0,
    Filter = 1,
    Facet = 2,
    Sort = 4,
    Search = 8,
}
