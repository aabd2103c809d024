using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kontor.Imports.Extracting;
using Kontor.Imports.Validating;

namespace Kontor.Imports.Mapping;

/// <summary>Maps the rows of one file. Not for two threads at once.</summary>
sealed class RowMapper(FileMapping mapping, IAttributeForms forms) : IDisposable
{
    static readonly SearchValues<char> NotInAddresses = SearchValues.Create("\"<>\\^`{|}");

    const int MaxTitle = 300;
    const int MaxDescription = 20_000;
    const int MaxBody = 50_000;
    const int MaxCategories = 50;
    const int MaxMedia = 100;

    static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    readonly RowContext row = new();
    readonly ArrayBufferWriter<byte> buffer = new(4_096);
    readonly Utf8JsonWriter json = new(Stream.Null, Relaxed);
    readonly AttributeWriter attributes = new(forms);
    readonly ExportedRows exported = new(forms);

    /// <summary>Null where no product of the mapping is for such rows.</summary>
    public MappedRow? Map(FeedRow read, RowAt at)
    {
        if (mapping.IsExported)
            return exported.Map(read, at, Source(read));
        row.Begin(read, at);
        if (read.Broken is { } broken)
        {
            var fault = new RowFault(at, null, broken.Raw, broken.Code, broken.Message, broken.Hint, IsFatal: true);
            return new(at, null, [fault], Source(read));
        }
        ProductTargets? product = null;
        foreach (var candidate in mapping.Products)
            if (candidate.When?.Holds(row) ?? true)
            {
                product = candidate;
                break;
            }
        if (product is null)
            return null;
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        var key = Write(product);
        json.Flush();
        var draft = row.IsRefused || key is null ? null : new Draft(key, at, buffer.WrittenSpan.ToArray());
        return new(at, draft, row.Faults.Count == 0 ? [] : row.Faults, row.Faults.Count == 0 ? default : Source(read))
        {
            Key = Texts.IsKey(key ?? "") ? key : null,
        };
    }

    public void Dispose() => json.Dispose();

    byte[] Source(FeedRow read)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        read.WriteTo(json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    string? Write(ProductTargets product)
    {
        json.WriteStartObject();
        var key = Key(product.Key, Rule.KeyMissing, Rule.KeyInvalid);
        json.WriteString("key"u8, key);
        var type = product.Type?.One(row);
        if (type is not null)
            json.WriteString("type"u8, type);
        Title(product.Title);
        if (product.Slug?.One(row) is { } slug)
            if (Texts.IsSlug(slug))
                json.WriteString("slug"u8, slug);
            else
                row.Note(product.Slug.Column, slug, Rule.SlugInvalid);
        Text("description"u8, product.Description, MaxDescription);
        Text("body"u8, product.Body, MaxBody);
        List("categories"u8, product.Categories, MaxCategories, Rule.CategoryInvalid, Texts.IsKey);
        Seo(product);
        attributes.Write(product.Attributes, type ?? "default", false, row, json);
        Translations(product.Translations);
        Publication(product);
        Options(product.Options);
        List("media"u8, product.Media, MaxMedia, Rule.AddressInvalid, IsAddress);
        Variants(product, type ?? "default");
        json.WriteEndObject();
        return key;
    }

    string? Key(Value value, Rule missing, Rule invalid)
    {
        var key = value.One(row);
        if (key is null)
            row.Refuse(value.Column, null, missing);
        else if (!Texts.IsKey(key))
            row.Refuse(value.Column, key, invalid);
        return key;
    }

    /// <summary>A title that the mapping names is needed: without it the row is of no use.</summary>
    void Title(Value? value)
    {
        if (value is null)
            return;
        if (value.One(row) is not { } text || Texts.OneLine(text) is not { Length: > 0 } title)
            row.Refuse(value.Column, null, Rule.TitleMissing);
        else if (Texts.HasMarkup(title))
            row.Refuse(value.Column, title, Rule.TitleMarkup);
        else
        {
            if (title.Length > MaxTitle)
                row.Note(value.Column, title, Rule.TitleCut);
            json.WriteString("title"u8, Texts.Cut(title, MaxTitle));
        }
    }

    void Text(ReadOnlySpan<byte> member, Value? value, int max)
    {
        if (value?.One(row) is not { } text)
            return;
        if (text.Length > max)
            row.Note(value.Column, text, Rule.TextTooLong, $"At most {max} characters.");
        else
            json.WriteString(member, text);
    }

    void List(ReadOnlySpan<byte> member, Value? value, int max, Rule rule, Func<string, bool> fits)
    {
        if (value is null)
            return;
        var values = row.Rent();
        value.All(row, values);
        var count = 0;
        foreach (var item in values)
            if (!fits(item))
                row.Note(value.Column, item, rule);
            else if (count < max)
            {
                if (count++ == 0)
                    json.WriteStartArray(member);
                json.WriteStringValue(item);
            }
        if (count > 0)
            json.WriteEndArray();
        row.Return(values);
    }

    static bool IsAddress(string text) =>
        text.Length <= 2_000
        && (
            text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        )
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !text.AsSpan().ContainsAny(NotInAddresses);

    void Seo(ProductTargets product)
    {
        if (product.SeoTitle is null && product.SeoDescription is null)
            return;
        json.WriteStartObject("seo"u8);
        Text("title"u8, product.SeoTitle, 200);
        Text("description"u8, product.SeoDescription, 500);
        json.WriteEndObject();
    }

    void Translations(IReadOnlyList<(string Language, string Member, Value Value)> translations)
    {
        if (translations.Count == 0)
            return;
        json.WriteStartObject("translations"u8);
        foreach (var language in translations.GroupBy(text => text.Language, StringComparer.Ordinal))
        {
            json.WriteStartObject(language.Key);
            foreach (var (_, member, value) in language)
                if (value.One(row) is { } text)
                    json.WriteString(member, text);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    void Publication(ProductTargets product)
    {
        if (product.State is null && product.From is null && product.Until is null && product.Channels is null)
            return;
        json.WriteStartObject("publication"u8);
        Text("state"u8, product.State, 20);
        Text("from"u8, product.From, 40);
        Text("until"u8, product.Until, 40);
        List("channels"u8, product.Channels, 100, Rule.CategoryInvalid, Texts.IsKey);
        json.WriteEndObject();
    }

    /// <summary>The axes, each with the values that this row knows; those of all rows together are the product's.</summary>
    void Options(IReadOnlyList<OptionTarget> options)
    {
        if (options.Count == 0)
            return;
        json.WriteStartArray("options"u8);
        foreach (var option in options)
        {
            var values = row.Rent();
            option.Value.All(row, values);
            if (values.Count > 0)
            {
                json.WriteStartObject();
                json.WriteString("key"u8, option.Key);
                if (option.Title is { } title)
                    json.WriteString("title"u8, title);
                json.WriteStartArray("values"u8);
                foreach (var value in values.Distinct(StringComparer.Ordinal))
                {
                    json.WriteStartObject();
                    json.WriteString("key"u8, Texts.Key(value));
                    json.WriteString("title"u8, value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            row.Return(values);
        }
        json.WriteEndArray();
    }

    void Variants(ProductTargets product, string type)
    {
        if (product.Variants.Count == 0)
            return;
        json.WriteStartArray("variants"u8);
        foreach (var variant in product.Variants)
            if (variant.Each is null)
                Variant(variant, type);
            else
            {
                var whole = row.Row;
                foreach (var nested in whole.Each(variant.Each))
                {
                    row.Row = nested;
                    Variant(variant, type);
                }
                row.Row = whole;
            }
        json.WriteEndArray();
    }

    void Variant(VariantTargets variant, string type)
    {
        if (variant.When?.Holds(row) == false)
            return;
        json.WriteStartObject();
        json.WriteString("sku"u8, Key(variant.Sku, Rule.SkuMissing, Rule.SkuInvalid));
        if (variant.Prices.Count > 0)
            PriceWriter.Write(variant.Prices, row, json);
        if (variant.Stock?.One(row) is { } stock)
            if (
                Decimals.IsPlain(stock)
                && Decimals.Canonical(stock) is { Length: <= 10 } plain
                && plain.All(char.IsAsciiDigit)
                && long.Parse(plain) <= 1_000_000_000
            )
                json.WriteNumber("stock"u8, long.Parse(plain));
            else
                row.Note(variant.Stock.Column, stock, Rule.StockUnreadable);
        attributes.Write(variant.Attributes, type, true, row, json);
        if (variant.Options.Count > 0)
        {
            json.WriteStartObject("options"u8);
            foreach (var (key, value) in variant.Options)
                if (value.One(row) is { } text)
                    json.WriteString(key, Texts.Key(text));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
