using System.Text.Json;
using GraphQL;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kontor.Platform.Graph;

/// <summary>What a client asks for, as the GraphQL-over-HTTP rules have it.</summary>
sealed record GraphRequest(string Query, string? OperationName, Inputs? Variables)
{
    const int MaxBody = 256 * 1024;
    static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = KontorJson.MaxDepth,
        AllowDuplicateProperties = false,
    };
    static readonly string[] Members = ["query", "operationName", "variables", "extensions"];

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
            foreach (var name in new[] { "variables", "extensions" })
                if (Value(name) is { } text)
                {
                    using var parsed = JsonDocument.Parse(text, Strict);
                    if (parsed.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
                        return Refusals.BadRequest.Because($"{name} is a JSON object.");
                }
            return Of(
                Value("query"),
                Value("operationName"),
                Value("variables") is { } variables
                    ? json.ReadNode<Inputs>(JsonDocument.Parse(variables).RootElement)
                    : null
            );
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return Refusals.BadRequest.Because("variables and extensions are JSON objects.");
        }
    }

    static Result<GraphRequest> OfBody(JsonElement body, IGraphQLSerializer json)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return Refusals.MalformedBody.Because("A request is a JSON object.");
        foreach (var member in body.EnumerateObject())
        {
            var wanted = member.Name is "query" or "operationName" ? JsonValueKind.String : JsonValueKind.Object;
            if (!Members.Contains(member.Name, StringComparer.Ordinal))
                return Refusals.MalformedBody.Because($"Known members are {string.Join(", ", Members)}.");
            if (member.Value.ValueKind != wanted && member.Value.ValueKind != JsonValueKind.Null)
                return Refusals.MalformedBody.Because($"'{member.Name}' is not of its type.");
        }
        JsonElement? Member(string name) =>
            body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        return Of(
            Member("query")?.GetString(),
            Member("operationName")?.GetString(),
            Member("variables") is { } variables ? json.ReadNode<Inputs>(variables) : null
        );
    }

    static Result<GraphRequest> Of(string? query, string? operation, Inputs? variables) =>
        string.IsNullOrWhiteSpace(query)
            ? Refusals.BadRequest.Because("The query is missing.")
            : new GraphRequest(query, operation, variables);
}
