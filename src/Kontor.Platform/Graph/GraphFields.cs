using GraphQL;
using GraphQL.Builders;
using GraphQL.Resolvers;
using GraphQL.Types;
using Kontor.Platform.Access;
using Kontor.Platform.Http;

namespace Kontor.Platform.Graph;

/// <summary>What a service adds to the one GraphQL schema: its fields of the query.</summary>
public sealed record GraphFields(Action<ObjectGraphType> AddTo);

/// <summary>Fields that one noun adds to the type of another, which does not know it.</summary>
public sealed record FieldsOf<T>(Action<ObjectGraphType<T>> AddTo);

/// <summary>What fields say of themselves: who may read them, and how long their lists are.</summary>
public static class GraphFieldWords
{
    public const string Scope = "scope";
    internal const string Length = "length";
    internal const string Cost = "cost";

    /// <summary>Refuses callers without the scope, as the route with the same rule does. Comes after the resolver.</summary>
    public static FieldBuilder<TSource, TReturn> RequireScope<TSource, TReturn>(
        this FieldBuilder<TSource, TReturn> field,
        string scope
    )
    {
        var inner =
            field.FieldType.Resolver ?? throw new InvalidOperationException("The rule stands after the resolver.");
        field.FieldType.Metadata[Scope] = scope;
        field.FieldType.Description = $"{field.FieldType.Description} Needs the scope {scope}.".TrimStart();
        field.FieldType.Resolver = new FuncFieldResolver<object?>(at =>
        {
            at.Need(scope);
            return inner.ResolveAsync(at);
        });
        return field;
    }

    /// <summary>How long the list is to be taken for where the cost of a query is counted; 10 where nobody says.</summary>
    public static FieldBuilder<TSource, TReturn> CountedAs<TSource, TReturn>(
        this FieldBuilder<TSource, TReturn> field,
        int length
    )
    {
        field.FieldType.Metadata[Length] = length;
        return field;
    }

    /// <summary>What the field costs by itself where a query is counted; 1 where nobody says.</summary>
    public static FieldBuilder<TSource, TReturn> Costs<TSource, TReturn>(
        this FieldBuilder<TSource, TReturn> field,
        int cost
    )
    {
        field.FieldType.Metadata[Cost] = cost;
        return field;
    }

    public static bool HasScope(this IResolveFieldContext at, string scope) => at.User?.HasScope(scope) == true;

    static void Need(this IResolveFieldContext at, string scope)
    {
        if (at.HasScope(scope))
            return;
        var refusal = at.User?.Identity?.IsAuthenticated == true ? Refusals.Forbidden : Refusals.Unauthenticated;
        throw GraphWords.ErrorOf(refusal.Because($"{at.FieldDefinition.Name} needs the scope {scope}."));
    }
}
