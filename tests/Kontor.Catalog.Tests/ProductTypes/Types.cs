using System.Text.Json;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>Words for types and products of them at the door.</summary>
static class Types
{
    public const string Path = "/api/v1/product-types";
    public const string Products = "/api/v1/products";

    /// <summary>A type of its own with these attributes (JSON without the brackets); its key.</summary>
    public static async Task<string> NewType(this Shop shop, string attributes)
    {
        var key = shop.Fresh("type");
        (await shop.Staff.Post(Path, Body(attributes, key))).Is(201);
        return key;
    }

    public static string Body(string attributes, string? key = null, string? steps = null) =>
        $$"""
        {{{(key is null ? "" : $"\"key\":\"{key}\",")}}"title":"A type","attributes":[{{attributes}}]{{(
            steps is null ? "" : $",\"migration\":[{steps}]"
        )}}}
        """;

    /// <summary>Puts a product of one variant at the door.</summary>
    public static Task<Answer> TryTyped(this Shop shop, string type, string attributes, string? ofVariant = null)
    {
        var key = shop.Fresh("typed");
        return shop.Staff.Post(
            Products,
            $$"""
            {"key":"{{key}}","title":"Typed","type":"{{type}}","attributes":{{attributes}},
             "variants":[{"sku":"SKU-{{key}}"{{(ofVariant is null ? "" : $",\"attributes\":{ofVariant}")}}}]}
            """
        );
    }

    public static async Task<Answer> NewTyped(
        this Shop shop,
        string type,
        string attributes,
        string? ofVariant = null
    ) => (await shop.TryTyped(type, attributes, ofVariant)).Is(201);

    /// <summary>Changes a type as it stands.</summary>
    public static async Task<Answer> ChangeType(this Shop shop, string type, string attributes, string? steps = null)
    {
        var tag = (await shop.Staff.Get($"{Path}/{type}")).Is(200).Tag;
        return await shop.Staff.Send(
            HttpMethod.Put,
            $"{Path}/{type}",
            Caller.Content(Body(attributes, steps: steps)),
            ("If-Match", tag)
        );
    }

    public static Task<Answer> Check(this Shop shop, string type, string attributes, string? steps = null) =>
        shop.Staff.Post($"{Path}/{type}/check", Body(attributes, steps: steps));

    public static JsonElement Shown(this Answer answer, string attribute) =>
        answer.Data.GetProperty("attributes").GetProperty(attribute);

    public static async Task IsWhole(this Shop shop)
    {
        foreach (var invariant in shop.Database.Invariants)
            Assert.Equal([], await invariant.Check(shop.Database.Source, CancellationToken.None));
    }
}
