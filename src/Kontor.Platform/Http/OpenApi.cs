using System.Text.Json.Nodes;
using Kontor.Kernel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Kontor.Platform.Http;

/// <summary>The OpenAPI 3.1 document, as clients generate code from it.</summary>
static class OpenApi
{
    public static void AddKontorOpenApi(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.CreateSchemaReferenceId = type =>
                    NameOf(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                options.AddSchemaTransformer(DescribeKernel);
                options.AddOperationTransformer(DescribeOperation);
                options.AddDocumentTransformer(DescribeDocument);
            }
        );

    /// <summary>Nested types are named with their feature (<c>AddLineRequest</c>), and envelopes by what they hold.</summary>
    static string? NameOf(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
            return null;
        if (type == typeof(Money))
            return "Money";
        if (type.IsGenericType && type.Namespace?.StartsWith("Kontor", StringComparison.Ordinal) == true)
            return string.Concat(type.GetGenericArguments().Select(argument => NameOf(argument) ?? Plain(argument)))
                + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return
            type.DeclaringType is { } feature && type.Namespace?.StartsWith("Kontor", StringComparison.Ordinal) == true
            ? feature.Name + type.Name
            : null;

        static string Plain(Type argument) =>
            argument.IsGenericType
                ? $"{NameOf(argument.GetGenericArguments()[0]) ?? Plain(argument.GetGenericArguments()[0])}List"
                : argument.Name;
    }

    static async Task DescribeKernel(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken stop
    )
    {
        var type = context.JsonTypeInfo.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>))
        {
            var value = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], null, stop);
            (schema.Type, schema.Format, schema.Items) = (value.Type, value.Format, value.Items);
            schema.Properties = value.Properties;
            schema.Required = value.Required;
        }
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = "uuid";
            schema.Properties = null;
            schema.Required = null;
        }
        else if (type == typeof(Money))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "An amount in minor units (cents) of a currency.";
            schema.Required = new HashSet<string>(StringComparer.Ordinal) { "amount", "currency" };
            schema.AdditionalPropertiesAllowed = false;
            schema.Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["amount"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int64",
                    Description = "Minor units: 1999 is 19.99 EUR.",
                },
                ["currency"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Pattern = "^[A-Z]{3}$",
                    Description = "An ISO 4217 code.",
                },
            };
        }
    }

    static Task DescribeOperation(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken stop
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RefusedWith>().ToArray() is { Length: > 0 } refused)
        {
            var lines = refused
                .SelectMany(r => r.Rejections)
                .Select(rejection => $"- `{rejection.Code}` ({rejection.Status}): {rejection.Message}");
            operation.Description = $"{operation.Description}\n\nRefusals:\n{string.Join('\n', lines)}".Trim();
            operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
            operation.Extensions["x-refusals"] = new JsonNodeExtension(
                new JsonArray([.. refused.SelectMany(r => r.Rejections).Select(r => (JsonNode)r.Code)])
            );
        }
        return Task.CompletedTask;
    }

    static Task DescribeDocument(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken stop
    )
    {
        document.Info.Title = "Kontor";
        document.Info.Version = "v1";
        document.Info.Description =
            "A headless commerce backend. Successes are {data, meta}; errors are application/problem+json (RFC 9457) "
            + "with a stable code. Money is in minor units. Times are RFC 3339 UTC. Lists are cursor-paged.";
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes["oauth2"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Flows = new() { ClientCredentials = new() { TokenUrl = new Uri("/connect/token", UriKind.Relative) } },
        };
        document.Components.SecuritySchemes["cartToken"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = KontorHeaders.CartToken,
        };
        return Task.CompletedTask;
    }
}
