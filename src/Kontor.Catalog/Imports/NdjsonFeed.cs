using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Kontor.Catalog.Imports;

/// <summary>One JSON object a line. Strings, numbers and booleans are values; a member that is absent or null is none.</summary>
sealed class NdjsonFeed(FileStream file, TextReader text, ImportMap map) : Feed(file, text)
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    readonly HashSet<string> unseen = new(map.Columns, StringComparer.Ordinal);
    readonly char[] buffer = new char[MaxRow];
    int start;
    int end;

    public override IReadOnlyCollection<string> NeverSeen => unseen;

    public override async IAsyncEnumerable<FeedRow> Rows([EnumeratorCancellation] CancellationToken stop)
    {
        for (var line = 1L; await NextLine(line, stop) is { } found; line++)
            if (found.TooLong)
                yield return new(line, [], RowFaults.TooLong);
            else if (!found.Text.Span.IsWhiteSpace())
                yield return Parse(line, found.Text);
    }

    FeedRow Parse(long line, ReadOnlyMemory<char> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return new(line, [], RowFaults.Malformed.Because("The line is no JSON object."));
            var values = new string?[map.Columns.Count];
            for (var i = 0; i < values.Length; i++)
                if (document.RootElement.TryGetProperty(map.Columns[i], out var value))
                {
                    unseen.Remove(map.Columns[i]);
                    if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                        return new(line, [], RowFaults.Malformed.Because($"'{map.Columns[i]}' is no single value."));
                    values[i] = value.ValueKind == JsonValueKind.Null ? null : value.ToString();
                }
            return new(line, values);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return new(line, [], RowFaults.Malformed.Because("The line is not valid JSON."));
        }
    }

    /// <summary>The next line, valid until the next call; null at the end. Of a line that is too long the rest is
    /// skipped.</summary>
    async Task<(ReadOnlyMemory<char> Text, bool TooLong)?> NextLine(long line, CancellationToken stop)
    {
        for (var (tooLong, seen) = (false, 0); ; )
        {
            if (buffer.AsSpan(start + seen, end - start - seen).IndexOf('\n') is var at and >= 0)
            {
                var found = buffer.AsMemory(start, seen + at);
                start += seen + at + 1;
                return (tooLong ? default : found, tooLong);
            }
            if (end - start == buffer.Length)
                (tooLong, start, end) = (true, 0, 0);
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            seen = end;
            var read = await Read(line, stop);
            if (read == 0 && (end > 0 || tooLong))
            {
                var last = buffer.AsMemory(0, end);
                (start, end) = (0, 0);
                return (tooLong ? default : last, tooLong);
            }
            if (read == 0)
                return null;
            end += read;
        }
    }

    async Task<int> Read(long line, CancellationToken stop)
    {
        try
        {
            return await Text.ReadAsync(buffer.AsMemory(end), stop);
        }
        catch (InvalidDataException broken)
        {
            throw new FeedBrokenException(
                line,
                "the compressed file is damaged, cut off or several archives in one.",
                broken
            );
        }
    }
}
