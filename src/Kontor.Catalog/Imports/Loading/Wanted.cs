using System.Text.Json;
using Kontor.Catalog.Bulk;
using Kontor.Catalog.Imports.Staging;
using Kontor.Catalog.Products;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Imports.Loading;

/// <summary>What a feed asks for, as many lines at once ask for it.</summary>
static class Wanted
{
    static readonly string[] Needed = ["title", "variants"];

    /// <summary>The product that its rows ask for, or what is wrong with it.</summary>
    /// <param name="number">By which the line is told from the others of its batch.</param>
    public static Result<WantedLine> Of(LaidProduct laid, int number, Delivered? before, Languages languages)
    {
        if (laid.IsCut)
            return Rejections.ImportTooManyParts;
        CreateProduct.Request? wanted;
        try
        {
            wanted = JsonSerializer.Deserialize<CreateProduct.Request>(laid.Json.Span, KontorJson.Options);
        }
        catch (JsonException malformed)
        {
            return Missing(laid) ?? Problems.OfMalformed(malformed);
        }
        if (wanted is null)
            return Refusals.MalformedBody;
        if (languages.Refusal(wanted.Translations) is { } translated)
            return translated;
        if (before?.ComesBackAs is { } state && wanted.Publication?.State.IsSet is not true)
            wanted = wanted with { Publication = (wanted.Publication ?? new()) with { State = new(state) } };
        return CreateProduct.Decide(wanted, withOptions: false).Is(out var product, out var rejection)
            ? new WantedLine(number, wanted, product, laid.Json.Length)
            : rejection;
    }

    /// <summary>What no row has said of the product: most often a file that is joined does not know it.</summary>
    static Rejection? Missing(LaidProduct laid)
    {
        using var json = JsonDocument.Parse(laid.Json, LaidProduct.Depth);
        var missing = Needed.Where(name => !json.RootElement.TryGetProperty(name, out _)).ToArray();
        return missing.Length == 0
            ? null
            : Rejections.ImportProductIncomplete with
            {
                Errors = missing.ToDictionary<string, string, string[]>(
                    name => name,
                    name => [$"No row says its {name}."],
                    StringComparer.Ordinal
                ),
            };
    }

    /// <summary>A product as it stands, archived.</summary>
    public static WantedLine Archived(ProductView view, int number)
    {
        var request = new CreateProduct.Request(
            view.Key,
            view.Title,
            [.. view.Variants.Select(variant => new VariantRequest(variant.Sku, variant.Prices))],
            view.Type,
            Publication: new() { State = new(DeliveredTable.Archived) }
        );
        CreateProduct.Decide(request, withOptions: false).Is(out var product, out _);
        return new(number, request, product!, 0);
    }

    /// <summary>A refusal as rows in quarantine: one for each path that it names.</summary>
    public static IEnumerable<Quarantined> Refused(LaidProduct laid, Rejection why) =>
        Refused(laid, why.Code, why.Message, why.Detail, why.Errors);

    public static IEnumerable<Quarantined> Refused(LaidProduct laid, BulkLine told) =>
        Refused(laid, told.Code!, told.Title!, told.Detail, told.Errors);

    static IEnumerable<Quarantined> Refused(
        LaidProduct laid,
        string code,
        string title,
        string? detail,
        IReadOnlyDictionary<string, string[]>? errors
    )
    {
        var at = laid.From is [var first, ..] ? new Kontor.Imports.RowAt(first.File, first.Line) : default;
        var source = System.Text.Encoding.UTF8.GetString(laid.Json.Span);
        var message = detail is null ? title : $"{title} {detail}";
        return errors is not { Count: > 0 }
            ? [new(at, laid.Key, null, null, code, message, null, true, source)]
            : errors
                .Take(10)
                .Select(error => new Quarantined(
                    at,
                    laid.Key,
                    error.Key,
                    null,
                    code,
                    $"{message} {string.Join(' ', error.Value)}",
                    null,
                    true,
                    source
                ));
    }
}
