using System.Text.Json;

namespace Kontor.Catalog.Tests.Bulk;

/// <summary>Words for many products at once.</summary>
static class Lines
{
    public const string Path = "/api/v1/products/bulk";
    public const string Media = "application/x-ndjson";

    /// <summary>What the door says of these lines, one by one; the last is the sum.</summary>
    public static async Task<List<JsonElement>> Write(this Shop shop, params IEnumerable<string> lines)
    {
        var answer = (await shop.TryWrite(string.Join('\n', lines))).Is(200);
        Assert.Equal(Media, answer.Raw.Content.Headers.ContentType?.MediaType);
        return Of(answer.Text);
    }

    public static Task<Answer> TryWrite(this Shop shop, string body, string media = Media) =>
        shop.Staff.Send(HttpMethod.Post, Path, Caller.Content(body, media));

    public static List<JsonElement> Of(string text) =>
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<JsonElement>(line)),
        ];

    public static string Text(this JsonElement line, string member) =>
        line.TryGetProperty(member, out var value) ? value.ToString() : "";

    /// <summary>Created, updated, unchanged, rejected.</summary>
    public static (int, int, int, int) Sum(this IReadOnlyList<JsonElement> told) =>
        (Count(told, "created"), Count(told, "updated"), Count(told, "unchanged"), Count(told, "rejected"));

    static int Count(IReadOnlyList<JsonElement> told, string status) => told[^1].GetProperty(status).GetInt32();
}
