using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.RealGoods;

/// <summary>10,972 wines of the Norwegian state's shops.</summary>
[Trait("Kind", "slow")]
public sealed class VinmonopoletTests(Shop shop) : IClassFixture<Shop>
{
    /// <summary>A wine whose fields have slipped by two: its alcohol is a sentence and its vintage a place.</summary>
    const int Slipped = 5_702_801;

    static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["Farge"] = "colour",
        ["Lukt"] = "smell",
        ["Smak"] = "taste",
        ["Underdistrikt"] = "district",
        ["Rastoff"] = "grapes",
    };

    [Fact]
    public async Task Every_wine_comes_in_and_is_read_back_but_the_one_whose_fields_have_slipped()
    {
        List<JsonElement> wines;
        await using (var file = RealFiles.Open("vinmonopolet/products.json.gz"))
            wines = JsonSerializer.Deserialize<List<JsonElement>>(file)!;
        (await shop.Staff.Post(Types.Path, Type(wines).ToJsonString())).Is(201);

        var told = await shop.Write(wines.Select(wine => Line(wine).ToJsonString()));

        Assert.Equal((10_971, 0, 0, 1), told.Sum());
        var slipped = told.Single(line => line.Text("status") == "rejected");
        Assert.Equal(($"vin-{Slipped}", "PRODUCT_INVALID"), (slipped.Text("key"), slipped.Text("code")));
        Assert.Equal(
            ["attributes.alcohol", "attributes.vintage"],
            slipped.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal)
        );
        var left = wines.Where(wine => Number(wine) != Slipped).ToDictionary(wine => $"vin-{Number(wine)}");
        for (string? after = null, path = $"{Types.Products}?limit=100"; ; )
        {
            var page = (await shop.Stranger.Get(after is null ? path : $"{path}&after={after}")).Is(200);
            foreach (var shown in page.Data.EnumerateArray())
            {
                Assert.True(left.Remove(shown.GetProperty("key").GetString()!, out var wine));
                IsSame(wine, shown);
            }
            if ((after = page.Next) is null)
                break;
        }
        Assert.Empty(left);
    }

    static int Number(JsonElement wine) => wine.GetProperty("Varenummer").GetInt32();

    static void IsSame(JsonElement wine, JsonElement shown)
    {
        var price = shown.GetProperty("variants")[0].GetProperty("prices")[0];
        Assert.Equal((Oere(wine, "Pris"), "NOK"), (price.GetProperty("amount").GetInt64(), price.Text("currency")));
        Assert.Equal(wine.Text("Varenavn"), shown.Text("title"));
        var values = shown.GetProperty("attributes");
        Assert.Equal(
            wine.GetProperty("Volum").GetDecimal(),
            values.GetProperty("volume").GetProperty("value").GetDecimal()
        );
        Assert.Equal(
            wine.GetProperty("Alkohol").GetDecimal(),
            values.GetProperty("alcohol").GetProperty("value").GetDecimal()
        );
        Assert.Equal(Oere(wine, "Literpris"), values.GetProperty("litrePrice").GetProperty("amount").GetInt64());
        Assert.Equal(wine.Text("Land"), values.Text("country"));
        Assert.Equal(
            wine.GetProperty("Varetype").GetRawText().Replace(" ", "", StringComparison.Ordinal),
            values.GetProperty("kind").GetRawText().Replace(" ", "", StringComparison.Ordinal)
        );
        Assert.Equal(wine.Text("Argang"), values.Text("vintage"));
        foreach (var (norwegian, english) in Texts)
            Assert.Equal(wine.Text(norwegian), values.Text(english));
    }

    static long Oere(JsonElement wine, string price) => decimal.ToInt64(wine.GetProperty(price).GetDecimal() * 100);

    static JsonObject Line(JsonElement wine)
    {
        var attributes = new JsonObject
        {
            ["volume"] = Measure(wine, "Volum", "l"),
            ["alcohol"] = Measure(wine, "Alkohol", "%"),
            ["litrePrice"] = new JsonObject { ["amount"] = Oere(wine, "Literpris"), ["currency"] = "NOK" },
            ["country"] = wine.Text("Land"),
            ["kind"] = Copy(wine, "Varetype"),
            ["vintage"] = Copy(wine, "Argang"),
        };
        foreach (var (norwegian, english) in Texts)
            attributes[english] = Copy(wine, norwegian);
        return new()
        {
            ["key"] = $"vin-{Number(wine)}",
            ["title"] = wine.Text("Varenavn"),
            ["type"] = "wine",
            ["attributes"] = attributes,
            ["variants"] = new JsonArray(
                new JsonObject
                {
                    ["sku"] = $"vin-{Number(wine)}",
                    ["prices"] = new JsonArray(
                        new JsonObject { ["amount"] = Oere(wine, "Pris"), ["currency"] = "NOK" }
                    ),
                }
            ),
        };
    }

    static JsonNode? Copy(JsonElement wine, string field) => JsonNode.Parse(wine.GetProperty(field).GetRawText());

    static JsonObject Measure(JsonElement wine, string field, string unit) =>
        new() { ["value"] = Copy(wine, field), ["unit"] = unit };

    static JsonObject Type(IReadOnlyList<JsonElement> wines)
    {
        JsonObject Of(string key, string kind, bool list = false) =>
            new()
            {
                ["key"] = key,
                ["kind"] = kind,
                ["list"] = list,
            };
        JsonObject Enum(string key, IEnumerable<string> values, bool list = false)
        {
            var attribute = Of(key, "enum", list);
            attribute["values"] = new JsonArray([
                .. values.Distinct(StringComparer.Ordinal).Select(v => JsonValue.Create(v)),
            ]);
            return attribute;
        }
        JsonObject In(string key, string unit)
        {
            var attribute = Of(key, "measure");
            attribute["unit"] = unit;
            return attribute;
        }
        return new()
        {
            ["key"] = "wine",
            ["title"] = "Wine",
            ["attributes"] = new JsonArray([
                In("volume", "l"),
                In("alcohol", "%"),
                Of("litrePrice", "money"),
                Enum("country", wines.Select(wine => wine.Text("Land"))),
                Enum(
                    "kind",
                    wines.SelectMany(w => w.GetProperty("Varetype").EnumerateArray()).Select(k => k.GetString()!),
                    true
                ),
                Of("vintage", "number"),
                .. Texts.Values.Select(text => Of(text, "text")),
            ]),
        };
    }
}
