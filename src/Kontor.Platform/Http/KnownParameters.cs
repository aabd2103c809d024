using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Http;

/// <summary>Refuses query parameters that a feature does not take: a misspelt filter is an error, not silence.</summary>
static class KnownParameters
{
    public static TBuilder RefusesUnknownParameters<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilterFactory(
            static (endpoint, next) =>
            {
                var known = NamesOf(endpoint.MethodInfo).ToHashSet(StringComparer.Ordinal);
                return call =>
                {
                    foreach (var (name, values) in call.HttpContext.Request.Query)
                        if (!known.Contains(name))
                            return Refuse(
                                name,
                                $"Known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
                            );
                        else if (values.Count > 1)
                            return Refuse(name, "It stands there more than once.");
                    return next(call);
                };
            }
        );

    static ValueTask<object?> Refuse(string name, string reason) =>
        ValueTask.FromResult<object?>(new Refusal(Refusals.UnknownParameter.Because($"'{name}': {reason}")));

    static IEnumerable<string> NamesOf(MethodInfo handler) =>
        handler
            .GetParameters()
            .SelectMany(parameter =>
                parameter.GetCustomAttribute<AsParametersAttribute>() is null
                    ? IsSimple(parameter.ParameterType)
                        ? [parameter.Name!]
                        : []
                    : parameter
                        .ParameterType.GetProperties()
                        .Where(property => IsSimple(property.PropertyType))
                        .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
            );

    static bool IsSimple(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(string)
            || bare.IsPrimitive
            || bare.IsEnum
            || bare.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>));
    }
}

/// <summary>A rejection as an answer, where a handler has no data to answer with.</summary>
public sealed class Refusal(Kernel.Rejection rejection) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problems.Write(httpContext, rejection);
}
