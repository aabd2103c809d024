using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Catalog.Tests.Bulk;

namespace Kontor.Catalog.Tests.Options;

/// <summary>Products with options, and words for them.</summary>
static class Shirts
{
    public const string Products = "/api/v1/products";

    /// <summary>A shirt with a variant at each of these places: a colour, a size and a cloth, joined by a slash.</summary>
    public static JsonObject Shirt(Shop shop, params string[] places)
    {
        var key = shop.Fresh("shirt");
        string[] names = ["colour", "size", "cloth"];
        return new()
        {
            ["key"] = key,
            ["title"] = "A shirt",
            ["options"] = JsonNode.Parse(
                """
                [{"key":"colour","title":"Colour","values":[{"key":"red","title":"Red"},{"key":"blue"}]},
                 {"key":"size","values":[{"key":"s"},{"key":"m"},{"key":"xl"}]}]
                """
            ),
            ["variants"] = new JsonArray([
                .. places.Select(
                    (place, i) =>
                        new JsonObject
                        {
                            ["sku"] = $"{key}.{i}",
                            ["options"] = new JsonObject(
                                place
                                    .Split('/', StringSplitOptions.RemoveEmptyEntries)
                                    .Zip(names, (value, name) => KeyValuePair.Create(name, (JsonNode?)value))
                            ),
                        }
                ),
            ]),
        };
    }

    public static void Rename(JsonObject shirt, Answer standing)
    {
        var variants = shirt["variants"]!.AsArray();
        for (var i = 0; i < variants.Count; i++)
            variants[i]!["sku"] = Sku(standing, i);
    }

    public static Task<Answer> Post(this Shop shop, JsonObject body) => shop.Staff.Post(Products, body.ToJsonString());

    public static Task<Answer> Patch(this Shop shop, Answer standing, JsonObject change) =>
        shop.Staff.Patch($"{Products}/{standing.Value("id")}", change.ToJsonString(), standing.Tag);

    public static string Sku(Answer product, int i) => product.Data.GetProperty("variants")[i].Text("sku");

    public static IEnumerable<string> PlacesOf(Answer product) =>
        product.Data.GetProperty("variants").EnumerateArray().Select(variant => variant.Place());

    /// <summary>The values of a variant, joined by a slash.</summary>
    public static string Place(this JsonElement variant) =>
        variant.TryGetProperty("options", out var options)
            ? string.Join('/', options.EnumerateObject().Select(option => option.Value.ToString()))
            : "";
}
