using System.Reflection;
using System.Text.Json.Nodes;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Kontor.Platform.Http;

/// <summary>What an operation says of itself: its noun, who may call it, its headers, what it refuses.</summary>
static class OpenApiOperations
{
    public static Task Describe(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken _
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var rules = metadata.OfType<AccessRule>().ToList();
        IReadOnlyList<Rejection> refused =
        [
            .. metadata.OfType<RefusedWith>().SelectMany(r => r.Rejections),
            .. rules.Any(rule => rule.Kind == AccessKind.Scope)
                ? new[] { Refusals.Unauthenticated, Refusals.Forbidden }
                : [],
        ];
        if (metadata.OfType<MethodInfo>().FirstOrDefault()?.DeclaringType?.Namespace is { } room)
            operation.Tags = new HashSet<OpenApiTagReference> { new(room.Split('.')[^1], context.Document) };
        operation.Security = SecurityOf(rules, context.Document!);
        NameHeaders(operation, context.Description.HttpMethod, refused);
        NameRefusals(operation, refused, context.Document!);
        return Task.CompletedTask;
    }

    /// <summary>All scopes together; or, where the cart's token will do, either of the two. Empty: everyone may.</summary>
    static List<OpenApiSecurityRequirement> SecurityOf(IReadOnlyList<AccessRule> rules, OpenApiDocument document)
    {
        var scopes = rules.Where(rule => rule.Kind == AccessKind.Scope).Select(rule => rule.What).ToList();
        if (scopes.Count > 0)
            return [Needs(OpenApi.OAuth, scopes)];
        return
        [
            .. rules
                .Where(rule => rule.Kind == AccessKind.HeldBy)
                .SelectMany(rule =>
                    Scopes
                        .All.Where(scope => rule.What.Contains(scope, StringComparison.Ordinal))
                        .Select(scope => Needs(OpenApi.OAuth, [scope]))
                        .Concat(
                            rule.What.Contains("cart's token", StringComparison.Ordinal)
                                ? [Needs(OpenApi.CartToken, [])]
                                : []
                        )
                ),
        ];

        OpenApiSecurityRequirement Needs(string scheme, List<string> wanted) =>
            new() { [new OpenApiSecuritySchemeReference(scheme, document)] = wanted };
    }

    static void NameHeaders(OpenApiOperation operation, string? method, IReadOnlyList<Rejection> refused)
    {
        var codes = refused.Select(rejection => rejection.Code).ToHashSet(StringComparer.Ordinal);
        if (method is not ("GET" or "HEAD"))
            Add(
                KontorHeaders.IdempotencyKey,
                codes.Contains(Refusals.IdempotencyKeyRequired.Code),
                "Chosen by you, the same for every repeat: the effect happens once and the answer is the same. 1 to 200 printable "
                    + "ASCII characters; without a token a UUID."
            );
        if (codes.Contains(Refusals.PositionMalformed.Code))
            Add(
                KontorHeaders.Position,
                false,
                "The position that a write answered: the answer is not older than that write, or says `stale`. Those of several "
                    + "services are separated by commas."
            );
        if (codes.Contains(Refusals.PreconditionFailed.Code))
            Add(
                HeaderNames.IfMatch,
                codes.Contains(Refusals.PreconditionRequired.Code),
                "The ETag of the version that you read; 412 when the resource has changed since."
            );

        void Add(string name, bool isRequired, string description) =>
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Header,
                    Required = isRequired,
                    Description = description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
    }

    /// <summary>Each refusing status names its codes; <c>default</c> stands for what every operation may answer.</summary>
    static void NameRefusals(OpenApiOperation operation, IReadOnlyList<Rejection> refused, OpenApiDocument document)
    {
        operation.Responses ??= [];
        foreach (var status in refused.GroupBy(rejection => rejection.Status))
            operation.Responses[status.Key.ToString()] = Refusal(
                string.Join(
                    ' ',
                    status
                        .DistinctBy(r => r.Code, StringComparer.Ordinal)
                        .Select(rejection => $"`{rejection.Code}`: {rejection.Message}")
                )
            );
        operation.Responses["default"] = Refusal(
            "A refusal that any request may meet: malformed, too large, too many, or a fault on our side."
        );
        var codes = refused.Select(r => r.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        operation.Extensions["x-refusals"] = new JsonNodeExtension(
            new JsonArray([.. codes.Select(code => (JsonNode)code)])
        );

        OpenApiResponse Refusal(string description) =>
            new()
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [Problems.MediaType] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), document) },
                },
            };
    }
}
