using System.Text;
using System.Text.Json;

namespace Kontor.Imports.Extracting;

/// <summary>The elements of an array in a JSON document, one at a time in memory.</summary>
/// <param name="path">Where the array stands: names with dots between; left out: the document itself, or else the first array
/// of objects in it.</param>
sealed class JsonReader(Stream utf8, string? path) : RowReader
{
    static readonly JsonReaderOptions Strict = new() { MaxDepth = 64 };

    readonly ByteWindow window = new(utf8, Limits.ElementBytes);
    readonly JsonRow row = new();
    readonly string[] names = path?.Split('.', '/') ?? [];
    JsonReaderState state = new(Strict);
    bool isAtEnd;
    int matched;
    int depthOfRows;
    long number;

    public override long At => number;

    public override async ValueTask Start(CancellationToken stop)
    {
        await window.SkipMark(stop);
        while (!FindArray())
            if (!await window.More(stop))
                throw new FeedBrokenException(
                    "ROWS_MISSING",
                    0,
                    path is null ? "There is no array of rows in the JSON." : $"There is no array at '{path}'."
                );
    }

    public override async ValueTask<FeedRow?> Next(CancellationToken stop)
    {
        number++;
        while (!isAtEnd)
        {
            var found = Element(out var document);
            if (found == Found.Element && document is not null)
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? row.Set(number, document)
                    : NoObject(document);
            if (found == Found.End)
                break;
            if (await window.More(stop))
                continue;
            if (!window.IsFull)
                throw new FeedBrokenException(
                    "FILE_CUT_OFF",
                    number,
                    "The JSON ends inside a row or before its array does."
                );
            return await SkipLarge(stop);
        }
        isAtEnd = true;
        return null;
    }

    enum Found
    {
        Element,
        End,
        Part,
    }

    /// <summary>Goes to the first element of the array; false where more is needed.</summary>
    bool FindArray()
    {
        var reader = new Utf8JsonReader(window.Unread, window.HasEnded, state);
        var found = false;
        while (!found && reader.Read())
            found = reader.TokenType switch
            {
                JsonTokenType.PropertyName => Enter(ref reader),
                JsonTokenType.StartArray => matched == names.Length && reader.CurrentDepth == matched,
                JsonTokenType.EndObject when reader.CurrentDepth < matched => Leave(reader.CurrentDepth),
                _ => false,
            };
        depthOfRows = reader.CurrentDepth + 1;
        (state, var consumed) = (reader.CurrentState, (int)reader.BytesConsumed);
        window.Take(consumed);
        return found;
    }

    bool Enter(ref Utf8JsonReader reader)
    {
        if (
            matched < names.Length
            && reader.CurrentDepth == matched + 1
            && reader.ValueTextEquals(names[matched].AsSpan())
        )
            matched++;
        return false;
    }

    bool Leave(int depth)
    {
        matched = depth;
        return false;
    }

    Found Element(out JsonDocument? document)
    {
        document = null;
        var reader = new Utf8JsonReader(window.Unread, window.HasEnded, state);
        if (!reader.Read())
            return Found.Part;
        if (reader.TokenType == JsonTokenType.EndArray)
            return Found.End;
        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
            return Found.Part;
        var end = (int)reader.BytesConsumed;
        document = JsonDocument.Parse(window.UnreadMemory[start..end], JsonRow.Strict);
        state = reader.CurrentState;
        window.Take(end);
        return Found.Element;
    }

    BrokenRow NoObject(JsonDocument document)
    {
        var raw = document.RootElement.GetRawText();
        document.Dispose();
        return new(
            number,
            new(
                "ROW_MALFORMED",
                "The element is no object.",
                "Name the path of the rows.",
                raw[..Math.Min(raw.Length, RowBreak.MaxRaw)]
            )
        );
    }

    /// <summary>Walks through an element that is too large to be held.</summary>
    async ValueTask<FeedRow> SkipLarge(CancellationToken stop)
    {
        var raw = Encoding.UTF8.GetString(window.Unread[..RowBreak.MaxRaw]);
        for (var hasBegun = false; !Walk(ref hasBegun); )
            if (!await window.More(stop))
                throw new FeedBrokenException(
                    window.IsFull ? "ROW_TOO_LONG" : "FILE_CUT_OFF",
                    number,
                    window.IsFull
                        ? $"A single value is longer than {Limits.ElementBytes} bytes."
                        : "The JSON ends inside a row."
                );
        return new BrokenRow(
            number,
            new(
                "ROW_TOO_LONG",
                $"An element has at most {Limits.ElementBytes} bytes.",
                "Name a deeper path for the rows.",
                raw
            )
        );
    }

    bool Walk(ref bool hasBegun)
    {
        var reader = new Utf8JsonReader(window.Unread, window.HasEnded, state);
        var isDone = false;
        while (!isDone && reader.Read())
        {
            isDone = hasBegun && reader.CurrentDepth <= depthOfRows;
            hasBegun = true;
        }
        state = reader.CurrentState;
        window.Take((int)reader.BytesConsumed);
        return isDone;
    }
}
