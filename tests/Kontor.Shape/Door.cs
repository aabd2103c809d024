using System.Text.RegularExpressions;
using Kontor.Platform.Access;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Shape;

/// <summary>One method at one path, with what its endpoint says of itself.</summary>
/// <param name="Method">The HTTP method; <c>*</c> where the endpoint takes every one.</param>
/// <param name="Path">The route's pattern, with a leading '/'.</param>
public sealed partial record Door(string Method, string Path, string? Name, string? Summary, RouteEndpoint Endpoint)
{
    public const string EveryMethod = "*";

    /// <summary>Stands for every parameter of a path; nothing has this id.</summary>
    public const string SomeId = "018f0000-0000-7000-8000-00000000dead";

    public IReadOnlyList<AccessRule> Rules => Endpoint.Metadata.OfType<AccessRule>().ToList();

    public IEnumerable<string> Scopes => Rules.Where(rule => rule.Kind == AccessKind.Scope).Select(rule => rule.What);

    /// <summary>Under /api/v1: a feature, held to all conventions.</summary>
    public bool IsApi => Path.StartsWith("/api/", StringComparison.Ordinal);

    /// <summary>The body's type; null where the feature takes none as JSON.</summary>
    public bool TakesBody =>
        Endpoint.Metadata.OfType<IAcceptsMetadata>().Any(accepts => accepts.RequestType is not null);

    /// <summary>An address that leads here; every parameter is the same unlikely UUID.</summary>
    public string Address => Parameter.Replace(Path, SomeId);

    /// <summary>The path as the OpenAPI document has it: without constraints and without an end of '/'.</summary>
    public string DocumentPath =>
        Parameter.Replace(Path, found => $"{{{found.Value.Trim('{', '}', '*').Split(':', '?', '=')[0]}}}");

    public override string ToString() => $"{Method} {Path}";

    public static IEnumerable<Door> Of(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
        var path = "/" + endpoint.RoutePattern.RawText?.Trim('/');
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
        var summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary;
        // CONNECT is how HTTP/2 asks for the WebSocket behind GET (RFC 8441); no plain request can send it.
        foreach (var method in methods.DefaultIfEmpty(EveryMethod).Where(method => method != "CONNECT"))
            yield return new(method, path, name, summary, endpoint);
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter { get; }
}
