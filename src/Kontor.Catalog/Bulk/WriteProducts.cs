using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Kontor.Catalog.Bulk;

/// <summary>Creates and changes many products by their keys: one of them a line, an answer a line.</summary>
/// <remarks>
/// Lines are gathered into batches, each one transaction; the answers of a batch are sent once it is committed. So a request
/// that breaks off has kept whole batches, and is simply sent again: what stands as its line says is not written twice.
/// A line that is refused leaves the others alone.
/// </remarks>
static partial class WriteProducts
{
    public const int MaxLines = 100_000;
    public const int MaxLineBytes = 8 << 20;
    const long MaxBodyBytes = 512L << 20;

    // Whoever sends everything before reading anything must not stand against us who want to be read: so much waits here.
    const int AnswersHeld = 16 << 20;

    const string MediaType = "application/x-ndjson";

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
            .Produces<string>(StatusCodes.Status200OK, MediaType)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    var lines = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                        {
                            [MediaType] = lines,
                        },
                    };
                    return Task.CompletedTask;
                }
            )
            .Refuses(
                Refusals.UnsupportedMediaType,
                Refusals.BodyTooLarge,
                Rejections.BulkLineTooLong,
                Rejections.BulkTooLong
            );

    static async Task<IResult> Handle(
        HttpContext http,
        CatalogDatabase database,
        TypeBook types,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken stop
    )
    {
        if (!IsNdjson(http.Request))
            return new Refusal(
                Refusals.UnsupportedMediaType with
                {
                    Message = $"Send the body as {MediaType} in UTF-8, one product a line.",
                    Detail = $"It came as '{http.Request.ContentType ?? "nothing"}'.",
                }
            );
        if (!PackedBody.Of(http.Request, MaxBodyBytes).Is(out var body, out var packed))
            return new Refusal(packed);
        if (body != http.Request.Body)
            http.Response.RegisterForDispose(body);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBodyBytes;
        if (http.Request.ContentLength > MaxBodyBytes)
            return new Refusal(Refusals.BodyTooLarge);
        var products = new BulkProducts(database, types, clock, http.User.Subject);
        try
        {
            await Converse(http, new(body, MaxLineBytes), products, stop);
        }
        catch (Exception left) when (HasLeft(http, left))
        {
            LogLeft(logs.CreateLogger(typeof(WriteProducts)), http.TraceIdentifier);
            http.Abort();
        }
        return Results.Empty;
    }

    /// <summary>Answers while it reads.</summary>
    static async Task Converse(HttpContext http, NdjsonLines lines, BulkProducts products, CancellationToken stop)
    {
        var answers = new Pipe(new(pauseWriterThreshold: AnswersHeld, resumeWriterThreshold: AnswersHeld / 2));
        http.Response.ContentType = MediaType;
        var sending = answers.Reader.CopyToAsync(http.Response.Body, stop);
        Exception? broken = null;
        try
        {
            await Answer(lines, products, answers.Writer, stop);
        }
        catch (Exception fault)
        {
            broken = fault;
            throw;
        }
        finally
        {
            // What was committed is told even where the rest broke; then the answer ends without its last line.
            await answers.Writer.CompleteAsync(broken is OperationCanceledException ? broken : null);
            await sending;
        }
    }

    /// <summary>Whoever leaves in the middle has broken nothing here: whole batches are kept.</summary>
    static bool HasLeft(HttpContext http, Exception left) =>
        http.RequestAborted.IsCancellationRequested
        || left is ConnectionResetException
        || (left is BadHttpRequestException && http.Response.HasStarted);

    static bool IsNdjson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase) || IsJson(type))
        && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>A product is a body of one line.</summary>
    static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    static async Task Answer(NdjsonLines lines, BulkProducts products, PipeWriter answers, CancellationToken stop)
    {
        var (end, batch) = (BulkEnd.Nothing, new BulkBatch());
        while (await lines.Next(stop) is { } line)
        {
            end = end with { Lines = end.Lines + 1 };
            if (end.Lines > MaxLines)
            {
                end = await Tell(batch.Reject(end.Lines, Rejections.BulkTooLong));
                break;
            }
            if (line is { IsTooLong: false } && line.Text.Span.Trim(" \t"u8).IsEmpty)
                continue;
            var (key, read) = Read(line, end.Lines);
            if (!read.Is(out var wanted, out var rejection))
                batch.Reject(end.Lines, rejection, key);
            else
            {
                if (!batch.HasRoomFor(wanted))
                    end = await Tell(batch);
                batch.Add(wanted);
            }
            if (batch.IsFull)
                end = await Tell(batch);
        }
        end = await Tell(batch);
        await Send(answers, end, stop);

        async Task<BulkEnd> Tell(BulkBatch whole)
        {
            var (told, position) = await products.Write(whole, stop);
            whole.Clear();
            foreach (var answer in told)
                await Send(answers, answer, stop);
            return told.Aggregate(end, (sum, answer) => sum.With(answer)) with { Position = position ?? end.Position };
        }
    }

    static (string? Key, Result<WantedLine> Read) Read(NdjsonLine line, long number)
    {
        if (line.IsTooLong)
            return (null, Rejections.BulkLineTooLong);
        try
        {
            if (JsonSerializer.Deserialize<CreateProduct.Request>(line.Text.Span, KontorJson.Options) is not { } wanted)
                return (null, Refusals.MalformedBody.Because("A line is an object with key, title and variants."));
            return CreateProduct.Decide(wanted).Is(out var product, out var rejection)
                ? (wanted.Key, new WantedLine(number, wanted, product, line.Text.Length))
                : (wanted.Key, rejection);
        }
        catch (JsonException malformed)
        {
            return (null, Problems.OfMalformed(malformed));
        }
    }

    static async Task Send<T>(PipeWriter answers, T answer, CancellationToken stop)
    {
        answers.Write(JsonSerializer.SerializeToUtf8Bytes(answer, KontorJson.Options));
        answers.Write("\n"u8);
        await answers.FlushAsync(stop);
    }

    [LoggerMessage(1, LogLevel.Information, "Who wrote products has left before the end; trace {TraceId}")]
    static partial void LogLeft(ILogger log, string traceId);
}
