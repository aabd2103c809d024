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
