using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using GraphQL;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kontor.Platform.Graph;

/// <summary>What a client asks for, as the GraphQL-over-HTTP rules have it.</summary>
/// <param name="Query">The document; null where it is named.</param>
/// <param name="DocumentId">The hash of a registered document.</param>
/// <param name="Hash">The hash that automatic persisted queries name a document by, with the document or instead of it.</param>
sealed record GraphRequest(string? Query, string? DocumentId, string? Hash, string? OperationName, Inputs? Variables)
{
    const int MaxBody = 256 * 1024;

    /// <summary>No number that anything here takes is longer, and to read one costs more than its length.</summary>
    const int MaxDigits = 100;
    const string Sha256 = "sha256:";
    static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");
    static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = KontorJson.MaxDepth,
        AllowDuplicateProperties = false,
    };
    static readonly string[] Members = ["query", "documentId", "operationName", "variables", "extensions"];

    public static async Task<Result<GraphRequest>> Read(
        HttpRequest request,
        IGraphQLSerializer json,
        CancellationToken stop
    )
    {
        if (HttpMethods.IsGet(request.Method))
            return OfQuery(request, json);
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        )
            return Refusals.UnsupportedMediaType;
        if (request.ContentLength > MaxBody)
            return Refusals.BodyTooLarge;
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, Strict, stop);
            return OfBody(body.RootElement, json);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return Refusals.MalformedBody;
        }
    }

    static Result<GraphRequest> OfQuery(HttpRequest request, IGraphQLSerializer json)
    {
        string? Value(string name) => request.Query[name] is [{ Length: > 0 } only] ? only : null;
        if (request.Query.Any(parameter => !Members.Contains(parameter.Key) || parameter.Value.Count > 1))
            return Refusals.UnknownParameter;
        try
        {
            using var variables = Value("variables") is { } text ? JsonDocument.Parse(text, Strict) : null;
            using var extensions = Value("extensions") is { } more ? JsonDocument.Parse(more, Strict) : null;
            foreach (var parsed in new[] { variables, extensions })
                if (parsed?.RootElement.ValueKind is not (null or JsonValueKind.Object or JsonValueKind.Null))
                    return Refusals.BadRequest.Because("variables and extensions are JSON objects.");
            return Of(
                new(Value("query"), Value("documentId"), null, Value("operationName"), null),
                Object(variables?.RootElement),
                Object(extensions?.RootElement),
                json
            );
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return Refusals.BadRequest.Because("variables and extensions are JSON objects.");
        }
    }

    static Result<GraphRequest> OfBody(JsonElement body, IGraphQLSerializer json)
    {
        if (body.ValueKind == JsonValueKind.Array)
            return GraphRefusals.BatchRefused;
        if (body.ValueKind != JsonValueKind.Object)
            return Refusals.MalformedBody.Because("A request is a JSON object.");
        foreach (var member in body.EnumerateObject())
        {
            var wanted = member.Name is "variables" or "extensions" ? JsonValueKind.Object : JsonValueKind.String;
            if (!Members.Contains(member.Name, StringComparer.Ordinal))
                return Refusals.MalformedBody.Because($"Known members are {string.Join(", ", Members)}.");
            if (member.Value.ValueKind != wanted && member.Value.ValueKind != JsonValueKind.Null)
                return Refusals.MalformedBody.Because($"'{member.Name}' is not of its type.");
        }
        JsonElement? Member(string name) => body.TryGetProperty(name, out var value) ? value : null;
        return Of(
            new(
                Member("query")?.GetString(),
                Member("documentId")?.GetString(),
                null,
                Member("operationName")?.GetString(),
                null
            ),
            Object(Member("variables")),
            Object(Member("extensions")),
            json
        );
    }

    static JsonElement? Object(JsonElement? value) => value is { ValueKind: JsonValueKind.Object } ? value : null;

    static Result<GraphRequest> Of(
        GraphRequest asked,
        JsonElement? variables,
        JsonElement? extensions,
        IGraphQLSerializer json
    )
    {
        if (!HashOf(extensions).Is(out var hash, out var malformed))
            return malformed;
        if (variables is { } values && HasLongNumber(values))
            return Refusals.BadRequest.Because($"A number has at most {MaxDigits} digits.");
        var query = string.IsNullOrWhiteSpace(asked.Query) ? null : asked.Query;
        if (asked.DocumentId is not null && (query ?? hash) is not null)
            return Refusals.BadRequest.Because("A documentId stands alone: without query, without persistedQuery.");
        if (asked.DocumentId is null && query is null && hash is null)
            return Refusals.BadRequest.Because("The query is missing.");
        var id =
            asked.DocumentId?.StartsWith(Sha256, StringComparison.Ordinal) == true
                ? asked.DocumentId[Sha256.Length..]
                : asked.DocumentId;
        if (id is not null && !IsHash(id))
            return Refusals.BadRequest.Because("A documentId is 'sha256:' and 64 hexadecimal digits in lower case.");
        return asked with
        {
            Query = query,
            DocumentId = id,
            Hash = hash,
            Variables = variables is { } sent ? json.ReadNode<Inputs>(sent) : null,
        };
    }

    /// <summary>What automatic persisted queries send: <c>{"persistedQuery":{"version":1,"sha256Hash":"…"}}</c>.</summary>
    static Result<string?> HashOf(JsonElement? extensions)
    {
        if (extensions?.TryGetProperty("persistedQuery", out var persisted) != true)
            return (string?)null;
        return
            persisted.ValueKind == JsonValueKind.Object
            && persisted.TryGetProperty("version", out var version)
            && version.ValueKind == JsonValueKind.Number
            && version.TryGetInt32(out var one)
            && one == 1
            && persisted.TryGetProperty("sha256Hash", out var hash)
            && hash.ValueKind == JsonValueKind.String
            && hash.GetString() is { } text
            && IsHash(text)
            ? text
            : Refusals.BadRequest.Because(
                "persistedQuery is of version 1 and has a sha256Hash of 64 hexadecimal digits in lower case."
            );
    }

    /// <summary>Whether it may be a SHA-256, as clients write it.</summary>
    internal static bool IsHash(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(Hexadecimal);

    static bool HasLongNumber(JsonElement values)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(values));
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length > MaxDigits)
                return true;
        return false;
    }
}
