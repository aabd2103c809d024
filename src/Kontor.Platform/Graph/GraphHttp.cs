using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Kontor.Platform.Graph;

/// <summary>GraphQL over HTTP: media types, status codes, limits; then the executor.</summary>
/// <remarks>As <c>application/graphql-response+json</c> an answer to a document that was not executed is a 400; as
/// <c>application/json</c> it is a 200, for clients that know no better. A request that is none is a 400 in both.</remarks>
sealed partial class GraphHttp(
    IDocumentExecuter executer,
    IGraphQLTextSerializer json,
    ISchema schema,
    GraphDocuments documents,
    ILogger<GraphHttp> log
)
{
    const string Graph = "application/graphql-response+json";
    const string Json = "application/json";

    /// <summary>What is wrong is told this often: a small document can be wrong in thousands of places, and a field be
    /// refused in each node of a page.</summary>
    const int MaxErrors = 50;

    public async Task Answer(HttpContext http)
    {
        var stop = http.RequestAborted;
        if (WantedBy(http.Request) is not { } type)
        {
            await Write(http, Json, ErrorOf(Refusals.NotAcceptable), Refusals.NotAcceptable.Status);
            return;
        }
        if (!(await GraphRequest.Read(http.Request, json, stop)).Is(out var asked, out var malformed))
        {
            await Write(http, type, ErrorOf(malformed), malformed.Status);
            return;
        }
        if (!(await documents.Of(asked, stop)).Is(out var known, out var refused))
        {
            // What is not there yet may be there at the next request: no cache is to hold on to it.
            http.Response.Headers.CacheControl = "no-store";
            await Write(http, type, ErrorOf(refused), StatusOf(refused, type));
            return;
        }
        if (HttpMethods.IsGet(http.Request.Method) && !IsQuery(known.Document, asked.OperationName))
        {
            http.Response.Headers.Allow = "POST";
            await Write(http, type, ErrorOf(GraphRefusals.OnlyQueries), GraphRefusals.OnlyQueries.Status);
            return;
        }
        var result = await Execute(http, asked, known);
        if (result.Errors?.Count > MaxErrors)
            result.Errors = [.. result.Errors.Take(MaxErrors)];
        Tell(known.Cost, result);
        await Write(http, type, result, type == Graph && !result.Executed ? 400 : 200);
    }

    async Task<ExecutionResult> Execute(HttpContext http, GraphRequest asked, KnownDocument known)
    {
        var options = new ExecutionOptions
        {
            Schema = schema,
            Query = known.Text,
            Document = known.Document,
            OperationName = asked.OperationName,
            Variables = asked.Variables,
            RequestServices = http.RequestServices,
            User = http.User,
            UserContext = new Dictionary<string, object?>(StringComparer.Ordinal) { [KontorHeaders.Position] = http },
            CancellationToken = http.RequestAborted,
            UnhandledExceptionDelegate = fault =>
            {
                Note(fault.OriginalException, http.TraceId);
                return Task.CompletedTask;
            },
        };
        // The values of variables are looked at all the same.
        if (known.IsValid)
            options.ValidationRules = [];
        var result = await executer.ExecuteAsync(options);
        known.IsValid |= result.Executed;
        return result;
    }

    /// <summary>What the query cost, and how far it could have gone: whoever writes it sees it grow.</summary>
    static void Tell(QueryCost cost, ExecutionResult result) =>
        result.Extensions = new Dictionary<string, object?>(result.Extensions ?? [], StringComparer.Ordinal)
        {
            ["cost"] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["asked"] = cost.Asked,
                ["allowed"] = DocumentLimits.MaxCost,
                ["values"] = cost.Values,
                ["valuesAllowed"] = DocumentLimits.MaxValues,
            },
        };

    /// <summary>A document that is not executed is a 400, or a 200 for clients that know no better.</summary>
    static int StatusOf(Rejection refused, string type) => type == Json && refused.Status == 400 ? 200 : refused.Status;

    /// <summary>Which operation would run is the executor's to say; here it counts whether it could be no query.</summary>
    static bool IsQuery(GraphQLDocument document, string? name) =>
        document
            .Definitions.OfType<GraphQLOperationDefinition>()
            .Where(operation => name is null || operation.Name?.StringValue == name)
            .All(operation => operation.Operation == OperationType.Query);

    /// <summary>The best media type that the client takes; null where it takes neither.</summary>
    static string? WantedBy(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Count == 0
            ? Json
            : accepted
                .Where(media => media.Quality is not 0)
                .OrderByDescending(media => media.Quality ?? 1)
                .Select(TypeOf)
                .FirstOrDefault(type => type is not null);
    }

    static string? TypeOf(MediaTypeHeaderValue media) =>
        media.MediaType.Value?.ToLowerInvariant() switch
        {
            Graph => Graph,
            Json or "*/*" or "application/*" => Json,
            _ => null,
        };

    static ExecutionResult ErrorOf(Rejection rejection) =>
        new()
        {
            Errors =
            [
                rejection == GraphRefusals.PersistedQueryNotFound
                    ? new ExecutionError(GraphRefusals.PersistedQueryNotFoundWord) { Code = rejection.Code }
                    : GraphWords.ErrorOf(rejection),
            ],
        };

    async Task Write(HttpContext http, string type, ExecutionResult result, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = $"{type}; charset=utf-8";
        // As a whole: with its length told, and nothing sent of an answer that breaks while it is written.
        using var body = new MemoryStream();
        await json.WriteAsync(body, result, http.RequestAborted);
        http.Response.ContentLength = body.Length;
        body.Position = 0;
        await body.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    void Note(Exception fault, string traceId)
    {
        if (Faults.Judge(fault) is { Status: 503 } away)
            LogUnavailable(away.Code, fault.Message, traceId);
        else
            LogFault(fault, traceId);
    }

    [LoggerMessage(11, LogLevel.Error, "A GraphQL field failed; trace {TraceId}")]
    partial void LogFault(Exception fault, string traceId);

    [LoggerMessage(12, LogLevel.Warning, "A GraphQL field was answered {Code}: {Reason}; trace {TraceId}")]
    partial void LogUnavailable(string code, string reason, string traceId);
}
