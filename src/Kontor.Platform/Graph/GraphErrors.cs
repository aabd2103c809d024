using GraphQL;
using GraphQL.Execution;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Platform.Graph;

/// <summary>The refusals of the GraphQL door itself.</summary>
public static class GraphRefusals
{
    public static readonly Rejection DocumentTooLarge = new(
        "DOCUMENT_TOO_LARGE",
        400,
        $"A document has at most {DocumentBounds.MaxBytes} bytes, {DocumentBounds.MaxTokens} tokens and {DocumentBounds.MaxNesting} levels of brackets."
    );
    public static readonly Rejection QueryTooDeep = new(
        "QUERY_TOO_DEEP",
        400,
        $"A query goes at most {DocumentLimits.MaxDepth} fields deep."
    );
    public static readonly Rejection QueryTooComplex = new(
        "QUERY_TOO_COMPLEX",
        400,
        "The query asks for more at once than is allowed; ask for smaller pages or fewer fields."
    );
    public static readonly Rejection TooManyAliases = new(
        "TOO_MANY_ALIASES",
        400,
        $"A query has at most {DocumentLimits.MaxAliases} aliases."
    );
    public static readonly Rejection TooManyDirectives = new(
        "TOO_MANY_DIRECTIVES",
        400,
        $"A query has at most {DocumentLimits.MaxDirectives} directives, those within fragments wherever these are spread."
    );
    public static readonly Rejection BatchRefused = new(
        "BATCH_REFUSED",
        400,
        "A request is one JSON object; send the requests of a list one by one."
    );
    public static readonly Rejection DocumentNotFound = new(
        "DOCUMENT_NOT_FOUND",
        404,
        "No document is registered under this documentId."
    );
    public static readonly Rejection OnlyPersisted = new(
        "ONLY_PERSISTED_DOCUMENTS",
        403,
        "Only registered documents are executed here: send a documentId."
    );
    public static readonly Rejection DocumentUnfit = new(
        "DOCUMENT_UNFIT",
        400,
        "The document cannot be executed on this schema."
    );

    public static readonly Rejection PersistedQueryNotFound = new(
        "PERSISTED_QUERY_NOT_FOUND",
        400,
        "No document is known here under this hash; send it with the hash once."
    );

    /// <summary>What older clients of automatic persisted queries know that refusal by.</summary>
    internal const string PersistedQueryNotFoundWord = "PersistedQueryNotFound";
    public static readonly Rejection SyntaxError = new("SYNTAX_ERROR", 400, "The document is not GraphQL.");
    public static readonly Rejection OnlyQueries = Refusals.MethodNotAllowed.Because(
        "Only queries may be sent with GET; send this with POST."
    );
}

/// <summary>Errors as a client gets them: a message, places, and one code. What broke inside stays inside.</summary>
sealed class GraphErrors : ErrorInfoProvider
{
    public override ErrorInfo GetInfo(ExecutionError executionError)
    {
        var fault = executionError is UnhandledError { InnerException: { } broken } ? Faults.Judge(broken) : null;
        return new()
        {
            Message = fault?.Message ?? executionError.Message,
            Extensions = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["code"] = fault?.Code ?? executionError.Code ?? Refusals.BadRequest.Code,
            },
        };
    }
}

/// <summary>Words that resolvers use.</summary>
public static class GraphWords
{
    /// <summary>The value, or the field's error with the rejection's code. GraphQL.NET takes a refusal as an exception
    /// only; it does not leave the executor.</summary>
    public static T OrError<T>(this Result<T> result) =>
        result.Is(out var value, out var rejection) ? value : throw ErrorOf(rejection);

    public static ExecutionError ErrorOf(Rejection rejection) =>
        new(string.Join(' ', [rejection.Message, .. Details(rejection)])) { Code = rejection.Code };

    static IEnumerable<string> Details(Rejection rejection) =>
        [
            .. rejection.Detail is { } detail ? [detail] : Array.Empty<string>(),
            .. (rejection.Errors ?? new Dictionary<string, string[]>(StringComparer.Ordinal)).SelectMany(error =>
                error.Value.Select(reason => $"{error.Key}: {reason}")
            ),
        ];
}
