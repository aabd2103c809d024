using System.Collections.Frozen;
using System.Text.Json;

namespace Kontor.Catalog.ProductTypes;

/// <summary>What products of a type look like, in one version.</summary>
/// <param name="Version">Counts the definitions of the type from 1.</param>
/// <param name="Generation">Counts the migrations of its products' values.</param>
sealed record TypeDefinition(
    string Key,
    string Title,
    long Version,
    long Generation,
    IReadOnlyList<AttributeDefinition> Attributes
)
{
    public const int MaxAttributes = 1_000;
    const int MaxTitle = 200;

    /// <summary>The type of products that nobody gave one. It has no attributes and is never changed, so its products are
    /// written without a look at it, by the thousands.</summary>
    public static readonly TypeDefinition Default = new("default", "Product", 1, 0, []);

    readonly FrozenDictionary<string, AttributeDefinition>[] byLevel =
    [
        .. Enum.GetValues<AttributeLevel>()
            .Select(level =>
                Attributes
                    .Where(attribute => attribute.Level == level)
                    .DistinctBy(attribute => attribute.Key, StringComparer.Ordinal)
                    .ToFrozenDictionary(attribute => attribute.Key, StringComparer.Ordinal)
            ),
    ];

    public FrozenDictionary<string, AttributeDefinition> Of(AttributeLevel level) => byLevel[(int)level];

    /// <summary>What is wrong with it, by JSON path.</summary>
    public Faults Faults()
    {
        var faults = new Faults();
        faults.Unless(Keys.Is(Key), "key", Keys.Rule);
        faults.Unless(
            Title is { Length: > 0 and <= MaxTitle } && !string.IsNullOrWhiteSpace(Title) && !Title.Any(char.IsControl),
            "title",
            $"1 to {MaxTitle} characters, none of them a control character."
        );
        faults.Unless(Attributes.Count <= MaxAttributes, "attributes", $"At most {MaxAttributes}.");
        for (var i = 0; i < Attributes.Count && faults.Count < ProductTypes.Faults.MostTold; i++)
            DefinitionFaults.Find(Attributes[i], $"attributes[{i}]", faults);
        foreach (var twice in Attributes.CountBy(a => a.Key, StringComparer.Ordinal).Where(key => key.Value > 1))
            faults.Add("attributes", $"The key {twice.Key} stands there more than once.");
        return faults;
    }

    /// <summary>The attributes of a product, or of a variant, as they are stored; wrong ones are left out and told.</summary>
    public Dictionary<string, JsonElement> Read(
        AttributeLevel level,
        IReadOnlyDictionary<string, JsonElement> given,
        string path,
        Faults faults
    )
    {
        var rules = Of(level);
        var read = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (key, value) in given)
            if (!rules.ContainsKey(key))
                faults.Add($"{path}.{key}", Unknown(level, key), "attribute");
        foreach (var (key, rule) in rules)
        {
            var wanted = given.TryGetValue(key, out var value) && !IsNothing(value) ? value : rule.Default;
            if (wanted is { } found && AttributeValues.Read(rule, found, $"{path}.{key}", faults) is { } stored)
                read.Add(key, stored);
            else if (rule.Required && (wanted is not { } tried || IsNothing(tried)))
                faults.Add($"{path}.{key}", "It is required.", "required");
        }
        return read;
    }

    static bool IsNothing(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
        || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    string Unknown(AttributeLevel level, string key)
    {
        var other = level == AttributeLevel.Product ? AttributeLevel.Variant : AttributeLevel.Product;
        var place = other == AttributeLevel.Variant ? "its variants have it" : "the product has it";
        return Of(other).ContainsKey(key)
            ? $"The type {Key} has it on the other level: {place}."
            : $"The type {Key} has no such attribute.";
    }
}
