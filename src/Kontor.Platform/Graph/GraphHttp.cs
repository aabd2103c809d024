using System.Collections.Frozen;
using GraphQL;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
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
    ILogger<GraphHttp> log
)
{
    readonly Lazy<FrozenDictionary<string, int>> lengths = new(() => ListLengths.Of(schema));

    const string Graph = "application/graphql-response+json";
    const string Json = "application/json";

    /// <summary>What is wrong is told this often: a small document can be wrong in thousands of places, and a field be
    /// refused in each node of a page.</summary>
    const int MaxErrors = 50;

    /// <summary>The parser counts its own calls, several for each bracket; <see cref="DocumentBounds"/> counts brackets.</summary>
    static readonly ParserOptions Parsing = new()
    {
        Ignore = IgnoreOptions.Comments,
        MaxDepth = 8 * DocumentBounds.MaxNesting,
    };

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
        if (!Parse(asked.Query).Is(out var document, out var refused))
        {
            await Write(http, type, ErrorOf(refused), type == Graph ? 400 : 200);
            return;
        }
        if (HttpMethods.IsGet(http.Request.Method) && !IsQuery(document, asked.OperationName))
        {
            http.Response.Headers.Allow = "POST";
            await Write(http, type, ErrorOf(GraphRefusals.OnlyQueries), GraphRefusals.OnlyQueries.Status);
            return;
        }
        var result = await Execute(http, asked, document);
        if (result.Errors?.Count > MaxErrors)
            result.Errors = [.. result.Errors.Take(MaxErrors)];
        await Write(http, type, result, type == Graph && !result.Executed ? 400 : 200);
    }

    Task<ExecutionResult> Execute(HttpContext http, GraphRequest asked, GraphQLDocument document) =>
        executer.ExecuteAsync(
            new ExecutionOptions
            {
                Schema = schema,
                Query = asked.Query,
                Document = document,
                OperationName = asked.OperationName,
                Variables = asked.Variables,
                RequestServices = http.RequestServices,
                User = http.User,
                CancellationToken = http.RequestAborted,
                UnhandledExceptionDelegate = fault =>
                {
                    Note(fault.OriginalException, http.TraceId);
                    return Task.CompletedTask;
                },
            }
        );

    Result<GraphQLDocument> Parse(string query)
    {
        if (!DocumentBounds.Holds(query))
            return GraphRefusals.DocumentTooLarge;
        try
        {
            var document = Parser.Parse(query, Parsing);
            return DocumentLimits.Check(document, lengths.Value) is { } refusal ? refusal : document;
        }
        catch (GraphQLSyntaxErrorException wrong)
        {
            return GraphRefusals.SyntaxError.Because($"Line {wrong.Location.Line}, column {wrong.Location.Column}.");
        }
        catch (GraphQLMaxDepthExceededException)
        {
            return GraphRefusals.DocumentTooLarge;
        }
    }

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

    static ExecutionResult ErrorOf(Rejection rejection) => new() { Errors = [GraphWords.ErrorOf(rejection)] };

    async Task Write(HttpContext http, string type, ExecutionResult result, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = $"{type}; charset=utf-8";
        await json.WriteAsync(http.Response.Body, result, http.RequestAborted);
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
