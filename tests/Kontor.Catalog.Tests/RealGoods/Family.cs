using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontor.Catalog.Tests.RealGoods;

/// <summary>Products that have much in common, for the feed has no categories: each joins the family that knows most of its
/// attributes and can take the others, and a family holds as many as a product type does.</summary>
sealed class Family(int number)
{
    const int MostAttributes = 1_000;
    const int MostChoices = 200;

    readonly Dictionary<string, HashSet<string>> words = new(StringComparer.Ordinal);

    public string Key => $"icecat-{number}";

    public IEnumerable<string> Keys => words.Keys;

    public List<JsonElement> Products { get; } = [];

    public static List<Family> Of(IEnumerable<JsonElement> products)
    {
        var families = new List<Family>();
        foreach (var product in products)
        {
            var keys = IcecatTests.Attributes(product).Select(attribute => attribute.Key).ToArray();
            var family = families
                .Select(one => (one, Known: keys.Count(one.words.ContainsKey)))
                .Where(one => one.one.words.Count + keys.Length - one.Known <= MostAttributes)
                .OrderByDescending(one => one.Known)
                .Select(one => one.one)
                .FirstOrDefault();
            if (family is null)
                families.Add(family = new(families.Count + 1));
            family.Add(product);
        }
        return families;
    }

    void Add(JsonElement product)
    {
        Products.Add(product);
        foreach (var (key, value) in IcecatTests.Attributes(product))
        {
            if (!words.TryGetValue(key, out var known))
                words.Add(key, known = new(StringComparer.Ordinal));
            if (value.ValueKind == JsonValueKind.String)
                known.Add(value.GetString()!);
        }
    }

    /// <summary>The unit of a number that has one.</summary>
    public string? UnitOf(string key, Dictionary<string, Feature> dictionary) =>
        key[0] == 'n' ? dictionary.GetValueOrDefault(RealFiles.Flat(key[2..]))?.Unit : null;

    /// <summary>The product type as a request has it: the prefix says text, number or boolean, the dictionary the rest.</summary>
    public JsonObject Type(Dictionary<string, Feature> dictionary) =>
        new()
        {
            ["key"] = Key,
            ["title"] = $"Electronics {number}",
            ["attributes"] = new JsonArray([
                .. words.Select(attribute => Attribute(attribute.Key, attribute.Value, dictionary)),
            ]),
        };

    JsonObject Attribute(string key, HashSet<string> values, Dictionary<string, Feature> dictionary)
    {
        if (UnitOf(key, dictionary) is { } unit)
            return new()
            {
                ["key"] = key,
                ["kind"] = "measure",
                ["unit"] = unit,
            };
        if (key[0] != 't')
            return new() { ["key"] = key, ["kind"] = key[0] == 'n' ? "number" : "boolean" };
        var isChosen =
            dictionary.GetValueOrDefault(RealFiles.Flat(key[2..])) is { IsChosen: true }
            && values.Count <= MostChoices
            && values.All(value => value.Length <= MostChoices);
        return isChosen
            ? new()
            {
                ["key"] = key,
                ["kind"] = "enum",
                ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
            }
            : new() { ["key"] = key, ["kind"] = "text" };
    }
}
