using System.Globalization;
using System.Text.RegularExpressions;
using Kontor.Catalog.Products;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports;

/// <summary>A row as the catalogue understands it: one product with one variant.</summary>
/// <param name="Currency">The currency that the row speaks of; null where the map names none.</param>
/// <param name="Price">Minor units; null is no price.</param>
/// <param name="Stock">Pieces on hand; null leaves what is there.</param>
sealed partial record Good(
    long Line,
    string Sku,
    string? Key,
    string Title,
    string? Slug,
    string? Description,
    string? Currency,
    long? Price,
    long? Stock,
    string? Category
)
{
    const long MaxStock = 1_000_000_000;
    const long MaxAmount = 1_000_000_000_000;

    /// <summary>The rule for a row; <paramref name="note"/> is told what is dirty but usable.</summary>
    public static Result<Good> Of(FeedRow row, ImportMap map, Action<string> note)
    {
        if (row.Broken is { } broken)
            return broken;
        if (row.Values.Any(value => value?.AsSpan().ContainsAny('\0', '\uFFFD') == true))
            return RowFaults.TextUnreadable;

        var (sku, key, slug) = (map.Read("sku", row.Values), map.Read("key", row.Values), map.Read("slug", row.Values));
        if (sku is null)
            return RowFaults.SkuMissing;
        if (!Product.IsKey(sku))
            return RowFaults.SkuInvalid.Because(Product.KeyRule);
        if (key is not null && !Product.IsKey(key))
            return RowFaults.KeyInvalid.Because(Product.KeyRule);
        if (slug is not null && !Product.IsSlug(slug))
            return RowFaults.SlugInvalid;
        var title = Gaps.Replace(map.Read("title", row.Values) ?? "", " ").Trim();
        if (title.Length == 0)
            return RowFaults.TitleMissing;
        var description = map.Read("description", row.Values);
        if (description?.Length > Product.MaxDescription)
            return RowFaults.DescriptionTooLong;

        var currency = map.Read("currency", row.Values);
        if (!PriceOf(map.Read("price", row.Values), currency).Is(out var price, out var unpriced))
            return unpriced;
        if (!StockOf(map.Read("stock", row.Values)).Is(out var stock, out var uncounted))
            return uncounted;
        if (map.Names("price") && price is null or 0)
            note(price is null ? RowFaults.PriceMissing : RowFaults.PriceZero);
        if (title.Length > Product.MaxTitle)
            note(RowFaults.TitleCut);
        return new Good(
            row.Line,
            sku,
            key,
            Cut(title),
            slug,
            description,
            currency,
            price is 0 ? null : price,
            stock,
            map.Read("category", row.Values)
        );
    }

    /// <summary>Decimal text in major units as exact minor units, never through a floating number: 19.9 EUR is 1990.</summary>
    internal static Result<long?> PriceOf(string? text, string? currency)
    {
        if (text is null)
            return (long?)null;
        if (!Currencies.Exists(currency))
            return RowFaults.CurrencyUnknown.Because($"'{currency}'.");
        if (!DecimalForm.IsMatch(text))
            return RowFaults.PriceUnreadable.Because($"'{Cut(text)}'.");
        var digits = Currencies.Digits(currency);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? text : text[..point]).TrimStart('-').TrimStart('0');
        var fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        if (text[0] == '-' && (whole.Length > 0 || fraction.Length > 0))
            return RowFaults.PriceNegative.Because($"'{text}'.");
        if (fraction.Length > digits)
            return RowFaults.PriceTooPrecise.Because($"'{text}': {currency} has {digits} digits.");
        if (whole.Length > 13)
            return RowFaults.PriceTooLarge;
        var minor = long.Parse($"0{whole}{fraction.PadRight(digits, '0')}", CultureInfo.InvariantCulture);
        return minor > MaxAmount ? RowFaults.PriceTooLarge : minor;
    }

    static Result<long?> StockOf(string? text) =>
        text is null ? (long?)null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pieces) && pieces <= MaxStock
            ? pieces
        : RowFaults.StockUnreadable.Because($"'{Cut(text)}'.");

    /// <summary>At most a title's length, cut where a word ends and never inside a pair of surrogates.</summary>
    static string Cut(string text)
    {
        if (text.Length <= Product.MaxTitle)
            return text;
        var end = text.LastIndexOf(' ', Product.MaxTitle);
        if (end <= 0)
            end = char.IsHighSurrogate(text[Product.MaxTitle - 1]) ? Product.MaxTitle - 1 : Product.MaxTitle;
        return text[..end];
    }

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Gaps { get; }

    [GeneratedRegex(@"\A-?[0-9]{1,30}(\.[0-9]{1,30})?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DecimalForm { get; }
}
