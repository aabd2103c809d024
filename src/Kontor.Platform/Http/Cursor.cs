using System.Buffers.Text;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Platform.Http;

/// <summary>Where a list goes on: the sort values of its last row, opaque to the client.</summary>
public static class Cursor
{
    public static string Write(params ReadOnlySpan<string> values) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(values.ToArray(), KontorJson.Options));

    /// <summary>The values of a cursor with that many; a refusal when it is not one of ours.</summary>
    public static Result<IReadOnlyList<string>> Read(string cursor, int count)
    {
        try
        {
            var values = JsonSerializer.Deserialize<List<string>>(
                Base64Url.DecodeFromChars(cursor),
                KontorJson.Options
            );
            return values?.Count == count ? values : Refusals.InvalidCursor;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return Refusals.InvalidCursor;
        }
    }
}

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
