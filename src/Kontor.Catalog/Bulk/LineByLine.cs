using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Kontor.Catalog.Bulk;

/// <summary>How lines of one kind are read and written.</summary>
/// <param name="Batch">Gathers those that are written together.</param>
/// <param name="Read">What a line wants, with the name that it is told by where that could be read. A line that is no JSON
/// may throw.</param>
/// <param name="Write">Writes a batch in one transaction: what became of its lines, in their order, and the position that
/// it reached.</param>
sealed record LineKind<T>(
    LineBatch<T> Batch,
    Func<ReadOnlyMemory<byte>, long, (string? Key, Result<T> Wanted)> Read,
    Func<LineBatch<T>, CancellationToken, Task<(IReadOnlyList<BulkLine> Told, string? Position)>> Write
)
    where T : IReadLine;

/// <summary>Reads NDJSON line by line, writes in batches and answers each line: what all features of many lines share.</summary>
/// <remarks>
/// Lines are gathered into batches, each one transaction; the answers of a batch are sent once it is committed. So a request
/// that breaks off has kept whole batches, and is simply sent again: what stands as its line says is not written twice.
/// A line that is refused leaves the others alone.
/// </remarks>
static partial class LineByLine
{
    public const int MaxLines = 100_000;
    public const int MaxLineBytes = 8 << 20;
    const long MaxBodyBytes = 512L << 20;

    // Whoever sends everything before reading anything must not stand against us who want to be read: so much waits here.
    const int AnswersHeld = 16 << 20;

    const string MediaType = "application/x-ndjson";

    /// <summary>What the API's description says of such a feature.</summary>
    public static RouteHandlerBuilder TakesLines(this RouteHandlerBuilder route) =>
        route
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

    public static async Task<IResult> Answer<T>(HttpContext http, LineKind<T> kind, CancellationToken stop)
        where T : IReadLine
    {
        if (!IsNdjson(http.Request))
            return new Refusal(
                Refusals.UnsupportedMediaType with
                {
                    Message = $"Send the body as {MediaType} in UTF-8, one thing a line.",
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
        try
        {
            await Converse(http, new(body, MaxLineBytes), kind, stop);
        }
        catch (Exception left) when (HasLeft(http, left))
        {
            var logs = http.RequestServices.GetRequiredService<ILoggerFactory>();
            LogLeft(logs.CreateLogger(typeof(LineByLine)), http.TraceIdentifier);
            http.Abort();
        }
        return Results.Empty;
    }

    /// <summary>Answers while it reads.</summary>
    static async Task Converse<T>(HttpContext http, NdjsonLines lines, LineKind<T> kind, CancellationToken stop)
        where T : IReadLine
    {
        var answers = new Pipe(new(pauseWriterThreshold: AnswersHeld, resumeWriterThreshold: AnswersHeld / 2));
        http.Response.ContentType = MediaType;
        var sending = answers.Reader.CopyToAsync(http.Response.Body, stop);
        Exception? broken = null;
        try
        {
            await Answer(http, lines, kind, answers.Writer, stop);
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

    /// <summary>A body of one line is JSON too.</summary>
    static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    static async Task Answer<T>(
        HttpContext http,
        NdjsonLines lines,
        LineKind<T> kind,
        PipeWriter answers,
        CancellationToken stop
    )
        where T : IReadLine
    {
        var (end, batch) = (BulkEnd.Nothing, kind.Batch);
        while (await Next(http, lines, stop) is var (next, broken) && (next is not null || broken is not null))
        {
            end = end with { Lines = end.Lines + 1 };
            if (next is not { } line)
            {
                batch.Reject(end.Lines, broken!);
                break;
            }
            if (end.Lines > MaxLines)
            {
                end = await Tell(batch.Reject(end.Lines, Rejections.BulkTooLong));
                break;
            }
            if (line is { IsTooLong: false } && line.Text.Span.Trim(" \t"u8).IsEmpty)
                continue;
            var (key, read) = Read(line, end.Lines, kind);
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

        async Task<BulkEnd> Tell(LineBatch<T> whole)
        {
            var (told, position) =
                whole.Wanted.Count == 0 ? ([.. whole.Rejected], null) : await kind.Write(whole, stop);
            whole.Clear();
            foreach (var answer in told)
                await Send(answers, answer, stop);
            return told.Aggregate(end, (sum, answer) => sum.With(answer)) with { Position = position ?? end.Position };
        }
    }

    /// <summary>The next line, or why there is none that can be read: once lines are answered it is too late for a status.</summary>
    static async Task<(NdjsonLine? Line, Rejection? Broken)> Next(
        HttpContext http,
        NdjsonLines lines,
        CancellationToken stop
    )
    {
        try
        {
            return (await lines.Next(stop), null);
        }
        catch (UnreadableBodyException broken) when (http.Response.HasStarted)
        {
            return (null, Refusals.MalformedBody.Because(broken.Message));
        }
    }

    static (string? Key, Result<T> Wanted) Read<T>(NdjsonLine line, long number, LineKind<T> kind)
        where T : IReadLine
    {
        if (line.IsTooLong)
            return (null, Rejections.BulkLineTooLong);
        try
        {
            return kind.Read(line.Text, number);
        }
        catch (JsonException malformed)
        {
            return (null, Problems.OfMalformed(malformed));
        }
    }

    static async Task Send<TAnswer>(PipeWriter answers, TAnswer answer, CancellationToken stop)
    {
        answers.Write(JsonSerializer.SerializeToUtf8Bytes(answer, KontorJson.Options));
        answers.Write("\n"u8);
        await answers.FlushAsync(stop);
    }

    [LoggerMessage(1, LogLevel.Information, "Who sent lines has left before the end; trace {TraceId}")]
    static partial void LogLeft(ILogger log, string traceId);
}
