using System.Globalization;
using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Kernel;

namespace Kontor.Catalog.Exports;

/// <summary>The columns of flat forms, a row for each variant: places of a product as <c>"product": "exported"</c> of a mapping
/// reads them back.</summary>
/// <param name="attributes">Each as <c>true key</c> of variants, or <c>false key</c>.</param>
/// <remarks>What is of the product stands in the row of its first variant, key and type in each.</remarks>
sealed class ExportColumns(IReadOnlyList<string> attributes, IReadOnlyList<string> currencies)
{
    /// <summary>Beyond these the importer reads no row, and few spreadsheets.</summary>
    public const int Most = 4_096;

    static readonly string[] OfProduct =
    [
        "key",
        "type",
        "sku",
        "title",
        "slug",
        "description",
        "body",
        "categories",
        "publication.state",
        "publication.from",
        "publication.until",
        "publication.channels",
        "seo.title",
        "seo.description",
        "translations",
        "options",
        "variant.options",
        "stock",
    ];

    readonly (string Key, bool OfVariant)[] attributes =
    [
        .. attributes.Select(told => (told[(told.IndexOf(' ', StringComparison.Ordinal) + 1)..], told[0] == 't')),
    ];

    public IReadOnlyList<string> Names { get; } =
    [
        .. OfProduct,
        .. currencies.Select(currency => $"prices.{currency}"),
        .. attributes.Select(told =>
            told.StartsWith("true ", StringComparison.Ordinal)
                ? $"variant.attributes.{told[5..]}"
                : $"attributes.{told[6..]}"
        ),
    ];

    /// <summary>The rows of a product, each with a cell for each name; none is a formula.</summary>
    public IEnumerable<string?[]> Rows(ExportedProduct product) =>
        product.View.Variants.Select(
            (variant, i) =>
                Cells(product, variant, i == 0)
                    .Select(cell => cell is { Length: > 0 } text ? Kontor.Imports.Cells.Quoted(text) : null)
                    .ToArray()
        );

    IEnumerable<string?> Cells(ExportedProduct product, VariantView variant, bool isFirst)
    {
        var view = product.View;
        yield return view.Key;
        yield return view.Type;
        yield return variant.Sku;
        foreach (var cell in isFirst ? Of(view) : new string?[OfProduct.Length - 5])
            yield return cell;
        yield return variant.Options is { Count: > 0 } options ? Json(options) : null;
        yield return product.OnHand.TryGetValue(variant.Sku, out var pieces) ? Plain(pieces) : null;
        foreach (var currency in currencies)
            yield return variant.Prices.FirstOrDefault(price => price.Currency == currency)
                is { Currency: not null } price
                ? Amount(price)
                : null;
        foreach (var (key, ofVariant) in attributes)
            yield return (ofVariant ? variant.Attributes : view.Attributes).TryGetValue(key, out var value)
            && (ofVariant || isFirst)
                ? value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : value.GetRawText()
                : null;
    }

    static string?[] Of(ProductView view) =>
        [
            view.Title,
            view.Slug,
            view.Description,
            view.Body,
            string.Join(' ', view.Categories),
            view.Publication?.State,
            Moment(view.Publication?.From),
            Moment(view.Publication?.Until),
            string.Join(' ', view.Publication?.Channels ?? []),
            view.Seo?.Title,
            view.Seo?.Description,
            view.Translations is { Count: > 0 } translations ? Json(translations) : null,
            view.Options.Count > 0 ? Json(view.Options) : null,
        ];

    /// <summary>In major units, exactly.</summary>
    internal static string Amount(Money price)
    {
        var digits = Currencies.Digits(price.Currency);
        var text = price.Amount.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}";
    }

    static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string? Moment(DateTimeOffset? at) => at is { } moment ? Json(moment).Trim('"') : null;

    static string Json<T>(T value) => JsonSerializer.Serialize(value, KontorJson.Options);
}
