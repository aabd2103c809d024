using System.Text;
using System.Text.Json;
using System.Xml;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Kernel;

namespace Kontor.Catalog.Exports;

/// <summary>What a feed for Google needs beside the catalogue.</summary>
/// <param name="Currency">Of its prices: those that anybody is shown.</param>
/// <param name="Link">The address of a product in the shop, with <c>{slug}</c>, and <c>{sku}</c> where wanted.</param>
/// <param name="Images">What stands before the addresses of pictures: https://shop.example.</param>
public sealed record GoogleTerms(string Currency, string Link, string Images)
{
    /// <summary>What is wrong with them, by parameter.</summary>
    internal IEnumerable<(string Path, string Reason)> Faults()
    {
        if (!Currencies.Exists(Currency))
            yield return ("currency", "It is not an ISO 4217 currency.");
        if (!IsWeb(Link) || !Link.Contains("{slug}", StringComparison.Ordinal))
            yield return ("link", "An address of a product: https://shop.example/p/{slug}");
        if (!IsWeb(Images))
            yield return ("images", "What stands before the addresses of pictures: https://shop.example");
    }

    static bool IsWeb(string? address) =>
        Uri.TryCreate(
            address?.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal),
            UriKind.Absolute,
            out var uri
        ) && uri.Scheme is "https" or "http";
}

/// <summary>Products that anybody is shown, as the Google Merchant Center takes them: RSS 2.0 with an item for each variant.</summary>
/// <remarks>What Google would refuse is left out, and a comment at the end counts it by what is missing: somebody has to hear of
/// it, and a feed with holes is still of use.</remarks>
static class GoogleFeed
{
    const string Namespace = "http://base.google.com/ns/1.0";
    const int MaxTitle = 150;
    const int MaxDescription = 5_000;
    const int MostImages = 10;

    public static async Task Write(
        ExportSnapshot snapshot,
        GoogleTerms terms,
        System.IO.Stream into,
        CancellationToken stop
    )
    {
        var settings = new XmlWriterSettings
        {
            Async = true,
            Encoding = new UTF8Encoding(false),
            CheckCharacters = false,
            CloseOutput = false,
        };
        var missing = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var items = 0;
        await using var xml = XmlWriter.Create(into, settings);
        await xml.WriteStartDocumentAsync();
        await xml.WriteStartElementAsync(null, "rss", null);
        await xml.WriteAttributeStringAsync(null, "version", null, "2.0");
        await xml.WriteAttributeStringAsync("xmlns", "g", null, Namespace);
        await xml.WriteStartElementAsync(null, "channel", null);
        await xml.WriteElementStringAsync(null, "title", null, "Products");
        await xml.WriteElementStringAsync(null, "link", null, terms.Images);
        await xml.WriteElementStringAsync(null, "description", null, "Products, as they are shown.");
        await foreach (var product in snapshot.Read(new PriceContext(terms.Currency), stop))
        foreach (var variant in product.View.Variants)
        {
            var item = Item(product.View, variant, terms);
            if (Lacks(item) is { } lacking)
                missing[lacking] = missing.GetValueOrDefault(lacking) + 1;
            else
            {
                items++;
                await Write(xml, item);
            }
        }
        await xml.WriteEndElementAsync();
        await xml.WriteEndElementAsync();
        var left = string.Join(", ", missing.Select(one => $"{one.Value} without {one.Key}"));
        await xml.WriteCommentAsync($" {items} items; left out: {(left.Length > 0 ? left : "none")} ");
        await xml.WriteEndDocumentAsync();
    }

    static async Task Write(XmlWriter xml, IReadOnlyList<(string Name, string? Value)> item)
    {
        await xml.WriteStartElementAsync(null, "item", null);
        foreach (var (name, value) in item)
            if (value is { Length: > 0 })
                await xml.WriteElementStringAsync("g", name, Namespace, Clean(value));
        await xml.WriteEndElementAsync();
    }

    /// <summary>The rule: what an item needs that is not there; null where it has all.</summary>
    internal static string? Lacks(IReadOnlyList<(string Name, string? Value)> item)
    {
        var has = item.Where(one => one.Value is { Length: > 0 })
            .Select(one => one.Name)
            .ToHashSet(StringComparer.Ordinal);
        string[] needed = ["id", "title", "description", "link", "image_link", "availability", "price"];
        return needed.FirstOrDefault(name => !has.Contains(name))
            ?? (
                has.Contains("gtin") || (has.Contains("brand") && has.Contains("mpn")) ? null : "gtin, or brand and mpn"
            );
    }

    internal static IReadOnlyList<(string Name, string? Value)> Item(
        ProductView product,
        VariantView variant,
        GoogleTerms terms
    ) =>
        [
            ("id", variant.Sku),
            ("title", Cut(product.Title, MaxTitle)),
            ("description", Cut(product.Description, MaxDescription)),
            (
                "link",
                terms
                    .Link.Replace("{slug}", Uri.EscapeDataString(product.Slug), StringComparison.Ordinal)
                    .Replace("{sku}", Uri.EscapeDataString(variant.Sku), StringComparison.Ordinal)
            ),
            ("image_link", Image(product, 0, terms)),
            .. Enumerable.Range(1, MostImages).Select(i => ("additional_image_link", Image(product, i, terms))),
            ("availability", Availability(variant.Availability)),
            (
                "price",
                (variant.CompareAt ?? variant.Prices).Concat(variant.Prices).FirstOrDefault()
                    is { Currency: not null, Amount: > 0 } price
                    ? $"{ExportColumns.Amount(price)} {price.Currency}"
                    : null
            ),
            (
                "sale_price",
                variant.CompareAt is { Count: > 0 } && variant.Prices is [var sale, ..]
                    ? $"{ExportColumns.Amount(sale)} {sale.Currency}"
                    : null
            ),
            ("gtin", Attribute(product, variant, "gtin")),
            ("mpn", Attribute(product, variant, "mpn") ?? Attribute(product, variant, "part_number")),
            ("brand", Attribute(product, variant, "brand")),
            ("condition", "new"),
            ("item_group_id", product.Variants.Count > 1 ? product.Key : null),
        ];

    static string? Image(ProductView product, int place, GoogleTerms terms) =>
        place < product.Media.Count && product.Media[place].Files is [.., var largest]
            ? terms.Images.TrimEnd('/') + largest.Url
            : null;

    static string Availability(string availability) =>
        availability switch
        {
            "inStock" => "in_stock",
            "preorder" => "preorder",
            "backorder" => "backorder",
            _ => "out_of_stock",
        };

    static string? Attribute(ProductView product, VariantView variant, string key) =>
        (variant.Attributes.TryGetValue(key, out var own) || product.Attributes.TryGetValue(key, out own))
        && own.ValueKind == JsonValueKind.String
            ? own.GetString()
            : null;

    static string? Cut(string? text, int most) =>
        text is null || text.Length <= most ? text
        : char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)]
        : text[..most];

    /// <summary>Without what XML cannot hold.</summary>
    static string Clean(string text) =>
        text.All(sign => XmlConvert.IsXmlChar(sign) || char.IsSurrogate(sign))
            ? text
            : string.Concat(text.Where(sign => XmlConvert.IsXmlChar(sign) || char.IsSurrogate(sign)));
}
