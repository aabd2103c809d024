using Kontor.Kernel;

namespace Kontor.Platform.Http;

/// <summary>Pages of lists that one text orders, shared by their routes and their fields.</summary>
public static class Paging
{
    /// <summary>The text after which the page begins; empty at the start.</summary>
    public static Result<string> Last(string? after)
    {
        if (after is null)
            return "";
        return Cursor.Read(after, 1).Is(out var values, out var rejection) ? values[0] : rejection;
    }

    /// <summary>The page of so many, made of what was found, which is one more where there is a next page.</summary>
    public static Page<T> ToPage<T>(this IReadOnlyList<T> found, int limit, Func<T, string> last) =>
        found.Count > limit ? new([.. found.Take(limit)], Cursor.Write(last(found[limit - 1]))) : new(found, null);

    public static Reply<IReadOnlyList<T>> ToReply<T>(this Result<Page<T>> page) =>
        page.Is(out var found, out var rejection)
            ? Reply<IReadOnlyList<T>>.Of(found.Items, next: found.Next)
            : rejection;
}
