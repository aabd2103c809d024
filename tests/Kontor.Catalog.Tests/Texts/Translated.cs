using System.Text.Json;
using Kontor.Catalog.Tests.ProductTypes;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Texts;

/// <summary>Words for products in languages.</summary>
static class Translated
{
    /// <summary>A product whose further members are this JSON; its id.</summary>
    public static async Task<string> NewText(this Shop shop, string more, string? category = null)
    {
        var made = (await shop.TryText(more, category)).Is(201);
        return made.Value("id");
    }

    public static Task<Answer> TryText(this Shop shop, string more, string? category = null)
    {
        var key = shop.Fresh("text");
        return shop.Staff.Post(
            Types.Products,
            $$"""
            {"key":"{{key}}","title":"Tea","variants":[{"sku":"SKU-{{key}}"}],
             "categories":[{{(category is null ? "" : $"\"{category}\"")}}],{{more}}}
            """
        );
    }

    public static Caller Reader(this Shop shop) => new(shop.Http) { Token = Scopes.CatalogRead };

    public static async Task<JsonElement> Read(this Shop shop, string id, string? locale = null) =>
        (await shop.Stranger.Get($"{Types.Products}/{id}{(locale is null ? "" : $"?locale={locale}")}")).Is(200).Data;

    public static Task<Answer> ChangeText(this Shop shop, string id, string patch) =>
        shop.Staff.Patch($"{Types.Products}/{id}", patch, "*");

    /// <summary>What stands at a path of members; nothing where there is none.</summary>
    public static string At(this JsonElement json, string path)
    {
        foreach (var member in path.Split('/'))
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(member, out json))
                return "";
        return json.ToString();
    }
}
