using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Bulk;

/// <summary>Creates and changes many products by their keys: one of them a line, an answer a line.</summary>
static class WriteProducts
{
    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapPost("/bulk", Handle)
            .WithName("writeProducts")
            .WithSummary("Creates and changes many products: NDJSON, a product a line, answered line by line")
            .WithDescription(
                "The body is application/x-ndjson: each line a product as createProduct takes it, created where no product has "
                    + "its key, else changed: members left out stay as they are, attributes are merged, the list of variants is "
                    + "replaced. The answer is application/x-ndjson: for each line its status (created, updated, unchanged, "
                    + "rejected with code and errors), and a last line with the sum. At most 100,000 lines of 8 MiB, 512 MiB in "
                    + "all, which gzip may pack (Content-Encoding). A repeat is harmless: what stands already is unchanged."
            )
            .RequireScope(Scopes.CatalogWrite)
            .TakesLines();

    static Task<IResult> Handle(
        HttpContext http,
        CatalogDatabase database,
        TypeBook types,
        Languages languages,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var (products, batch) = (new BulkProducts(database, types, clock, http.User.Subject), new BulkBatch());
        return LineByLine.Answer(
            http,
            new LineKind<WantedLine>(
                batch,
                (text, number) => Read(text, number, languages),
                (_, token) => products.Write(batch, token)
            ),
            stop
        );
    }

    static (string? Key, Result<WantedLine> Wanted) Read(ReadOnlyMemory<byte> text, long number, Languages languages)
    {
        if (JsonSerializer.Deserialize<CreateProduct.Request>(text.Span, KontorJson.Options) is not { } wanted)
            return (null, Refusals.MalformedBody.Because("A line is an object with key, title and variants."));
        if (languages.Refusal(wanted.Translations) is { } translated)
            return (wanted.Key, translated);
        return CreateProduct.Decide(wanted, withOptions: false).Is(out var product, out var rejection)
            ? (wanted.Key, new WantedLine(number, wanted, product, text.Length))
            : (wanted.Key, rejection);
    }
}
