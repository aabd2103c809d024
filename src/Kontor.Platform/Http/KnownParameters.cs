using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Http;

/// <summary>Refuses query parameters that a feature does not take: a misspelt filter is an error, not silence.</summary>
static class KnownParameters
{
    /// <summary>Of a parameter that may be repeated.</summary>
    const int MostRepeated = 100;

    public static TBuilder RefusesUnknownParameters<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilterFactory(
            static (endpoint, next) =>
            {
                var known = NamesOf(endpoint.MethodInfo)
                    .ToDictionary(name => name.Name, name => name.Most, StringComparer.Ordinal);
                return call =>
                {
                    foreach (var (name, values) in call.HttpContext.Request.Query)
                        if (!known.TryGetValue(name, out var most))
                            return Refuse(
                                name,
                                $"Known here: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}."
                            );
                        else if (values.Count > most)
                            return Refuse(
                                name,
                                most == 1
                                    ? "It stands there more than once."
                                    : $"It stands there more than {most} times."
                            );
                    return next(call);
                };
            }
        );

    static ValueTask<object?> Refuse(string name, string reason) =>
        ValueTask.FromResult<object?>(new Refusal(Refusals.UnknownParameter.Because($"'{name}': {reason}")));

    /// <summary>With how often each may stand there.</summary>
    static IEnumerable<(string Name, int Most)> NamesOf(MethodInfo handler) =>
        handler
            .GetParameters()
            .SelectMany(parameter =>
                parameter.GetCustomAttribute<AsParametersAttribute>() is null
                    ? [(parameter.Name!, Most(parameter.ParameterType))]
                    : parameter
                        .ParameterType.GetProperties()
                        .Select(property =>
                            (JsonNamingPolicy.CamelCase.ConvertName(property.Name), Most(property.PropertyType))
                        )
            )
            .Where(name => name.Item2 > 0);

    static int Most(Type type)
    {
        if (type == typeof(string[]))
            return MostRepeated;
        return IsSimple(type) ? 1 : 0;
    }

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
