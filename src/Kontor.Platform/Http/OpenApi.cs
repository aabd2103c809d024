using Kontor.Platform.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Kontor.Platform.Http;

/// <summary>The OpenAPI 3.1 document, as clients generate code from it.</summary>
static class OpenApi
{
    public const string OAuth = "oauth2";
    public const string CartToken = "cartToken";

    public static void AddKontorOpenApi(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.CreateSchemaReferenceId = OpenApiSchemas.NameOf;
                options.AddSchemaTransformer(OpenApiSchemas.Describe);
                options.AddOperationTransformer(OpenApiOperations.Describe);
                options.AddDocumentTransformer(DescribeDocument);
            }
        );

    static async Task DescribeDocument(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken stop
    )
    {
        document.Info.Title = "Kontor";
        document.Info.Version = "v1";
        document.Info.Description =
            "A headless commerce backend. Successes are {data, meta}; errors are application/problem+json (RFC 9457) "
            + "with a stable code. Money is in minor units. Times are RFC 3339 UTC. Lists are cursor-paged. "
            + "A member without a value is left out of an answer; members may join an answer later.";
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[OAuth] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description =
                "A token from /connect/token; each scope allows one thing, and writing does not include reading.",
            Flows = new()
            {
                ClientCredentials = new()
                {
                    TokenUrl = new Uri("/connect/token", UriKind.Relative),
                    Scopes = Scopes.All.ToDictionary(scope => scope, Meaning, StringComparer.Ordinal),
                },
            },
        };
        document.Components.SecuritySchemes[CartToken] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = KontorHeaders.CartToken,
            Description = "The secret that the opening of a cart answered, once.",
        };
        var operations = document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(pair => pair.Value);
        document.Tags = operations
            .SelectMany(operation => operation.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(tag => tag.Reference.Id!)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => new OpenApiTag { Name = name })
            .ToHashSet();
        // Every operation may answer it, also where none names a refusal.
        if (document.Components.Schemas?.ContainsKey(nameof(Problem)) != true)
            document.AddComponent(nameof(Problem), await context.GetOrCreateSchemaAsync(typeof(Problem), null, stop));
        OpenApiAnswers.Loosen(document);
    }

    /// <summary><c>catalog:write</c>: what a person reads when granting it.</summary>
    static string Meaning(string scope) =>
        scope.Split(':') switch
        {
            [var room, "read"] => $"Read what {room} keeps from the public.",
            [var room, "write"] => $"Change what {room} holds.",
            [var room, "reserve"] => $"Hold and release {room}'s stock for buyers.",
            [var room, var verb] => $"{char.ToUpperInvariant(verb[0])}{verb[1..]} {room}.",
            _ => scope,
        };
}
