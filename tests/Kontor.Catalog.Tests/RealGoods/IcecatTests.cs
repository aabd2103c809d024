using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.RealGoods;

/// <summary>15,000 products of an electronics catalogue with 5,112 typed attributes.</summary>
[Trait("Kind", "long")]
public sealed partial class IcecatTests(Shop shop, ITestOutputHelper output) : IClassFixture<Shop>
{
    /// <summary>Its title holds a &lt;strong&gt;.</summary>
    const string MarkedUp = "icecat-299132";

    [Fact]
    public async Task Every_product_comes_in_under_a_type_made_from_the_dictionary_and_every_value_is_read_back()
    {
        var products = Products();
        var families = Family.Of(products);
        var dictionary = Dictionary();
        foreach (var family in families)
            (await shop.Staff.Post(Types.Path, family.Type(dictionary).ToJsonString())).Is(201);
        string[] Lines(Func<JsonElement, string> title) =>
            [.. families.SelectMany(f => f.Products.Select(p => Line(p, title(p), f, dictionary).ToJsonString()))];

        var clock = Stopwatch.StartNew();
        var written = await shop.Write(Lines(TitleOf));
        var took = clock.Elapsed;
        clock.Restart();
        var again = await shop.Write(Lines(CleanTitleOf));
        output.WriteLine(
            $"{families.Count} types; {products.Count / took.TotalSeconds:N0} created/s, {products.Count / clock.Elapsed.TotalSeconds:N0} unchanged/s"
        );

        Assert.Equal((14_999, 0, 0, 1), written.Sum());
        var refused = written.Single(line => line.Text("status") == "rejected");
        Assert.Equal((MarkedUp, "PRODUCT_INVALID"), (refused.Text("key"), refused.Text("code")));
        Assert.Equal(["title"], refused.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal((1, 0, 14_999, 0), again.Sum());
        Assert.Equal(5_112, families.SelectMany(family => family.Keys).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            129_813 + 117_543 + 40_693,
            await ReadBack(products.ToDictionary(p => p.GetProperty("id").GetString()!), dictionary)
        );
    }

    /// <summary>Compares what the door shows with the file, value by value; how many values were the same.</summary>
    async Task<int> ReadBack(Dictionary<string, JsonElement> products, Dictionary<string, Feature> dictionary)
    {
        var same = 0;
        for (string? after = null, path = $"{Types.Products}?limit=100"; ; )
        {
            var page = (await shop.Stranger.Get(after is null ? path : $"{path}&after={after}")).Is(200);
            foreach (var shown in page.Data.EnumerateArray())
            {
                Assert.True(products.Remove(shown.GetProperty("key").GetString()!["icecat-".Length..], out var wanted));
                Assert.Equal(CleanTitleOf(wanted), shown.GetProperty("title").GetString());
                Assert.Equal(
                    wanted.GetProperty("price").GetInt64(),
                    shown.GetProperty("variants")[0].GetProperty("prices")[0].GetProperty("amount").GetInt64()
                );
                var values = shown.GetProperty("attributes");
                Assert.Equal(Attributes(wanted).Count(), values.EnumerateObject().Count());
                foreach (var (key, value) in Attributes(wanted))
                    Assert.True(
                        IsSame(value, values.GetProperty(key), dictionary),
                        $"{key}: {value} is {values.GetProperty(key)}"
                    );
                same += Attributes(wanted).Count();
            }
            if ((after = page.Next) is null)
                break;
        }
        Assert.Empty(products);
        return same;
    }

    static bool IsSame(JsonElement wanted, JsonElement shown, Dictionary<string, Feature> dictionary) =>
        wanted.ValueKind switch
        {
            JsonValueKind.Number when shown.ValueKind == JsonValueKind.Object => wanted.GetDecimal()
                == shown.GetProperty("value").GetDecimal()
                && dictionary.Values.Any(feature => feature.Unit == shown.GetProperty("unit").GetString()),
            JsonValueKind.Number => shown.ValueKind == JsonValueKind.Number
                && wanted.GetDecimal() == shown.GetDecimal(),
            JsonValueKind.String => shown.ValueKind == JsonValueKind.String && wanted.GetString() == shown.GetString(),
            _ => wanted.ValueKind == shown.ValueKind,
        };

    static string TitleOf(JsonElement product) => product.GetProperty("title").GetString()!;

    /// <summary>The supplier's title without the markup that one of them has.</summary>
    static string CleanTitleOf(JsonElement product) => Tag.Replace(TitleOf(product), "");

    static JsonObject Line(JsonElement product, string title, Family family, Dictionary<string, Feature> dictionary)
    {
        var attributes = new JsonObject();
        foreach (var (key, value) in Attributes(product))
            attributes[key] = family.UnitOf(key, dictionary) is { } unit
                ? new JsonObject { ["value"] = JsonNode.Parse(value.GetRawText()), ["unit"] = unit }
                : JsonNode.Parse(value.GetRawText());
        var id = $"icecat-{product.GetProperty("id").GetString()}";
        return new()
        {
            ["key"] = id,
            ["title"] = title,
            ["type"] = family.Key,
            ["attributes"] = attributes,
            ["variants"] = new JsonArray(
                new JsonObject
                {
                    ["sku"] = id,
                    ["prices"] = new JsonArray(
                        new JsonObject { ["amount"] = product.GetProperty("price").GetInt64(), ["currency"] = "EUR" }
                    ),
                }
            ),
        };
    }

    /// <summary><c>attr_n_weight</c> is the attribute n_weight: a name occurs with two kinds, and each keeps its own.</summary>
    internal static IEnumerable<(string Key, JsonElement Value)> Attributes(JsonElement product) =>
        product
            .EnumerateObject()
            .Where(member => member.Name.StartsWith("attr_", StringComparison.Ordinal))
            .Select(member => (member.Name["attr_".Length..], member.Value));

    static List<JsonElement> Products()
    {
        var products = new List<JsonElement>();
        for (var file = 1; file <= 3; file++)
        {
            using var stream = RealFiles.Open($"icecat/products-{file}.json.gz");
            products.AddRange(JsonSerializer.Deserialize<List<JsonElement>>(stream)!);
        }
        return products;
    }

    /// <summary>What the dictionary says of a flattened name; its unit where all features of the name agree upon one.</summary>
    static Dictionary<string, Feature> Dictionary()
    {
        using var reader = new StreamReader(RealFiles.Open("icecat/featuresList.csv.gz"));
        var rows = new List<string[]>();
        for (reader.ReadLine(); reader.ReadLine() is { } row; )
            rows.Add([
                .. row.Split(';').Select(field => field.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal)),
            ]);
        return rows.Where(row => row.Length == 7)
            .GroupBy(row => RealFiles.Flat(row[4]), StringComparer.Ordinal)
            .ToDictionary(
                name => name.Key,
                name =>
                {
                    var units = name.Select(row => row[6]).Distinct(StringComparer.Ordinal).ToArray();
                    return new Feature(
                        name.All(row => row[3].EndsWith("dropdown", StringComparison.Ordinal)),
                        units is [{ Length: > 0 and <= 20 } unit] ? unit : null
                    );
                },
                StringComparer.Ordinal
            );
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag { get; }
}

/// <param name="IsChosen">Its values are chosen from a list.</param>
sealed record Feature(bool IsChosen, string? Unit);
