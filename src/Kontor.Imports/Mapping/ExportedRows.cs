using System.Text.Json;
using System.Text.Json.Nodes;
using Kontor.Imports.Extracting;
using Kontor.Imports.Validating;

namespace Kontor.Imports.Mapping;

/// <summary>Reads rows of an export of this program back, exactly: no value is trimmed, cut or read as something else.</summary>
/// <remarks>Columns are the places of a product, see docs/reference/exports.md; an empty cell says nothing, and a column that is
/// none of them neither. Not for two threads at once.</remarks>
sealed class ExportedRows(IAttributeForms forms)
{
    const string OfProduct = "attributes.";
    const string OfVariant = "variant.attributes.";
    const string Prices = "prices.";

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    readonly List<RowFault> faults = [];
    RowAt at;
    JsonObject product = [];
    JsonObject variant = [];

    /// <param name="source">The row as it was read, an object of texts.</param>
    public MappedRow Map(FeedRow read, RowAt place, byte[] source)
    {
        faults.Clear();
        (at, product, variant) = (place, [], []);
        if (read.Broken is { } broken)
            return new(at, null, [new(at, null, broken.Raw, broken.Code, broken.Message, broken.Hint, true)], source);
        using var row = JsonDocument.Parse(source);
        var type = Cell(row.RootElement, "type") ?? "default";
        foreach (var cell in row.RootElement.EnumerateObject())
            if (Text(cell.Value) is { } text)
                Set(cell.Name, text, type);
        if (variant.Count > 0)
            product["variants"] = new JsonArray(variant);
        var key = Cell(row.RootElement, "key");
        if (!Texts.IsKey(key ?? ""))
            Refuse("key", key, key is null ? Rule.KeyMissing : Rule.KeyInvalid);
        if (variant.Count > 0 && Cell(row.RootElement, "sku") is not { } sku)
            Refuse("sku", null, Rule.SkuMissing);
        return faults.Count > 0
            ? new(at, null, [.. faults], source) { Key = Texts.IsKey(key ?? "") ? key : null }
            : new(at, new(key!, at, JsonSerializer.SerializeToUtf8Bytes(product)), [], default) { Key = key };
    }

    void Set(string column, string text, string type)
    {
        switch (column)
        {
            case "key" or "type" or "title" or "slug" or "description" or "body":
                product[column] = text;
                break;
            case "sku":
                variant[column] = text;
                break;
            case "categories":
                product[column] = List(text);
                break;
            case "publication.channels":
                Within("publication")["channels"] = List(text);
                break;
            case "publication.state" or "publication.from" or "publication.until" or "seo.title" or "seo.description":
                var point = column.IndexOf('.', StringComparison.Ordinal);
                Within(column[..point])[column[(point + 1)..]] = text;
                break;
            case "options" or "translations":
                Json(product, column, column, text);
                break;
            case "variant.options":
                Json(variant, "options", column, text);
                break;
            case "stock":
                Json(variant, column, column, text);
                break;
            default:
                if (column.StartsWith(Prices, StringComparison.Ordinal))
                    Price(column, text);
                else if (column.StartsWith(OfVariant, StringComparison.Ordinal))
                    Attribute(variant, column, (type, column[OfVariant.Length..], true), text);
                else if (column.StartsWith(OfProduct, StringComparison.Ordinal))
                    Attribute(product, column, (type, column[OfProduct.Length..], false), text);
                break;
        }
    }

    void Price(string column, string text)
    {
        var currency = column[Prices.Length..];
        if (!Kernel.Currencies.Exists(currency))
            Refuse(column, text, Rule.CurrencyUnknown);
        else if (!Decimals.TryRead(text, DecimalForm.Point, out var plain, out _))
            Refuse(column, text, Rule.NumberUnreadable);
        else if (Decimals.Amount(plain, currency, false, out var minor) is { } rule)
            Refuse(column, text, rule);
        else
            (variant["prices"] as JsonArray ?? (JsonArray)(variant["prices"] = new JsonArray())).Add(
                (JsonNode)new JsonObject { ["amount"] = minor, ["currency"] = currency }
            );
    }

    /// <summary>Texts stand as they are, and what has parts as JSON: which of both the type says.</summary>
    void Attribute(JsonObject of, string column, (string Type, string Key, bool OfVariant) name, string text)
    {
        if (forms.Find(name.Type, name.Key, name.OfVariant) is not { } form)
        {
            Refuse(column, text, Rule.AttributeUnknown);
            return;
        }
        var attributes = of["attributes"] as JsonObject ?? (JsonObject)(of["attributes"] = new JsonObject());
        if (!form.IsList && form.Kind is "text" or "enum" or "date" or "dateTime" or "reference")
            attributes[name.Key] = text;
        else
            Json(attributes, name.Key, column, text);
    }

    void Json(JsonObject into, string member, string column, string text)
    {
        try
        {
            into[member] = JsonNode.Parse(text, null, Strict);
        }
        catch (JsonException)
        {
            Refuse(column, text, Rule.CellUnreadable);
        }
    }

    JsonObject Within(string member) =>
        product[member] as JsonObject ?? (JsonObject)(product[member] = new JsonObject());

    static JsonArray List(string text) =>
        new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(key => JsonValue.Create(key))]);

    static string? Cell(JsonElement row, string column) => row.TryGetProperty(column, out var cell) ? Text(cell) : null;

    static string? Text(JsonElement cell) =>
        cell.ValueKind == JsonValueKind.String && cell.GetString() is { Length: > 0 } text ? Cells.Plain(text) : null;

    void Refuse(string column, string? value, Rule rule) =>
        faults.Add(
            new(at, column, value is { Length: > 200 } ? value[..200] : value, rule.Code, rule.Message, rule.Hint, true)
        );
}
