using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Kontor.Imports.Extracting;

/// <summary>One JSON object a line.</summary>
sealed class NdjsonReader(Stream utf8) : RowReader
{
    readonly ByteWindow window = new(utf8, Limits.RowBytes);
    readonly JsonRow row = new();
    long line;

    public override long At => line;

    public override ValueTask Start(CancellationToken stop) => window.SkipMark(stop);

    public override async ValueTask<FeedRow?> Next(CancellationToken stop)
    {
        for (var seen = 0; ; )
        {
            var at = window.Unread[seen..].IndexOf((byte)'\n');
            if (at < 0)
            {
                seen = window.Unread.Length;
                if (await window.More(stop))
                    continue;
                if (window.IsFull)
                    return await SkipLong(stop);
                if (window.Unread.IsEmpty)
                    return null;
            }
            var length = at < 0 ? window.Unread.Length : seen + at;
            var json = window.UnreadMemory[..length];
            window.Take(at < 0 ? length : length + 1);
            (line, seen) = (line + 1, 0);
            if (!json.Span.Trim(" \t\r"u8).IsEmpty)
                return Parse(json);
        }
    }

    FeedRow Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
            return Refused(
                "TEXT_UNREADABLE",
                "The line has bytes that are no UTF-8.",
                "Name the encoding of the file in its dialect.",
                json.Span
            );
        try
        {
            var document = JsonDocument.Parse(json, JsonRow.Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return row.Set(line, document);
            document.Dispose();
            return Refused(
                "ROW_MALFORMED",
                "The line is no JSON object.",
                "Each line is one object in braces.",
                json.Span
            );
        }
        catch (JsonException broken)
        {
            return Refused(
                "ROW_MALFORMED",
                "The line is not valid JSON.",
                $"It breaks at byte {broken.BytePositionInLine + 1} of the line.",
                json.Span
            );
        }
    }

    async ValueTask<FeedRow> SkipLong(CancellationToken stop)
    {
        var refused = window.Unread[..2_000].ToArray();
        line++;
        while (true)
        {
            var at = window.Unread.IndexOf((byte)'\n');
            window.Take(at < 0 ? window.Unread.Length : at + 1);
            if (at >= 0 || !await window.More(stop))
                return Refused(
                    "ROW_TOO_LONG",
                    $"A row has at most {Limits.RowBytes} bytes.",
                    "Look for missing line ends.",
                    refused
                );
        }
    }

    BrokenRow Refused(string code, string message, string hint, ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json[..Math.Min(json.Length, RowBreak.MaxRaw)]);
        return new(line, new(code, message, hint, text));
    }
}
