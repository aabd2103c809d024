using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Graph;

/// <param name="EndCursor">Where the next page begins (<c>after</c>); null on the last.</param>
public sealed record PageEnd(string? EndCursor);

public sealed class PageGraph : ObjectGraphType<PageEnd>
{
    public PageGraph()
    {
        Name = "PageInfo";
        Field<NonNullGraphType<BooleanGraphType>>("hasNextPage").Resolve(at => at.Source.EndCursor is not null);
        Field<StringGraphType>("endCursor").Resolve(at => at.Source.EndCursor).Description("Goes on with after.");
    }
}

/// <summary>A page of a list, under a name of its own.</summary>
public abstract class ConnectionGraph<T, TGraph> : ObjectGraphType<Page<T>>
    where TGraph : IGraphType
{
    protected ConnectionGraph(string name, string description)
    {
        Name = name;
        Description = description;
        Fill(this);
    }

    static void Fill(ObjectGraphType<Page<T>> page)
    {
        page.Field<NonNullGraphType<ListGraphType<NonNullGraphType<TGraph>>>>("nodes").Resolve(at => at.Source.Items);
        page.Field<NonNullGraphType<PageGraph>>("pageInfo").Resolve(at => new PageEnd(at.Source.Next));
    }
}

/// <summary>Lists as fields: pages by <c>first</c> and <c>after</c>, as REST has them by <c>limit</c> and <c>after</c>.</summary>
public static class GraphPages
{
    public const int MaxFirst = DocumentLimits.MaxPage;

    public static FieldBuilder<TSource, TReturn> InPages<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field) =>
        field
            .Argument<NonNullGraphType<IntGraphType>>(
                "first",
                $"1 to {MaxFirst}.",
                first => first.DefaultValue = DocumentLimits.DefaultPage
            )
            .Argument<StringGraphType>("after", "The endCursor of the page before.");

    /// <summary>The position in a service's journal that this read must not be older than, of the header
    /// <c>Kontor-Position</c>; null where it names none.</summary>
    public static Journal.Position? AtLeast(this IResolveFieldContext at, string topic) =>
        at.UserContext.TryGetValue(KontorHeaders.Position, out var door) && door is HttpContext http
            ? http.AtLeast(topic).OrError()
            : null;

    public static int First(this IResolveFieldContext at)
    {
        var first = at.GetArgument<int>("first");
        return first is >= 1 and <= MaxFirst
            ? first
            : throw GraphWords.ErrorOf(Refusals.ValidationFailed.Because($"first is 1 to {MaxFirst}."));
    }

    public static string? After(this IResolveFieldContext at) => at.GetArgument<string?>("after");
}
