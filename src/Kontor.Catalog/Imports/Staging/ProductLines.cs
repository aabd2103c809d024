using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using Kontor.Catalog.Bulk;
using Kontor.Catalog.Imports.Runs;
using Kontor.Imports;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>The feed that needs no mapping: NDJSON, each line a product, or a part of one, in the API's own form.</summary>
/// <remarks>What stands in place of a mapping is its terms: <c>{"supplier":"acme","withdrawMissing":true}</c>.</remarks>
static class ProductLines
{
    const int MaxLineBytes = 8 << 20;

    public static Result<OpenedFeed> Open(string mapping, IReadOnlyList<(string Name, string Path)> files)
    {
        ImportTerms? terms;
        try
        {
            terms = JsonSerializer.Deserialize<ImportTerms>(mapping, Words);
        }
        catch (JsonException malformed)
        {
            return Rejections.ImportMappingInvalid.Because(malformed.Message);
        }
        return terms is null ? Rejections.ImportMappingInvalid.Because("It is an object.")
            : terms.Fault is { } fault ? Rejections.ImportMappingInvalid.Because(fault)
            : new OpenedFeed(terms, Rows(files), () => FeedTold.Nothing);
    }

    static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = KontorJson.MaxDepth,
        AllowDuplicateProperties = false,
    };

    static readonly JsonSerializerOptions Words = new(KontorJson.Options)
    {
        RespectRequiredConstructorParameters = false,
    };

    static async IAsyncEnumerable<MappedRow> Rows(
        IReadOnlyList<(string Name, string Path)> files,
        [EnumeratorCancellation] CancellationToken stop = default
    )
    {
        for (var file = 0; file < files.Count; file++)
        {
            await using var bytes = File.OpenRead(files[file].Path);
            var lines = new NdjsonLines(bytes, MaxLineBytes);
            for (var number = 1L; await lines.Next(stop) is { } line; number++)
                if (line.IsTooLong || !line.Text.Span.Trim(" \t\r"u8).IsEmpty)
                    yield return RowOf(new(file, number), line);
        }
    }

    static MappedRow RowOf(RowAt at, NdjsonLine line)
    {
        if (line.IsTooLong)
            return Faulty(
                at,
                Rejections.BulkLineTooLong.Code,
                $"The line is longer than {MaxLineBytes} bytes.",
                default
            );
        var text = line.Text.ToArray();
        try
        {
            if (!IsText(text))
                return Faulty(
                    at,
                    "TEXT_UNREADABLE",
                    "The line has a text that is no Unicode: not UTF-8, or half of a UTF-16 pair.",
                    default
                );
            using var json = JsonDocument.Parse(text, Strict);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("key", out var key)
                && key.ValueKind == JsonValueKind.String
                && Keys.Is(key.GetString())
                ? new(at, new(key.GetString()!, at, text), [], default)
                : Faulty(at, "ROW_WITHOUT_KEY", $"The line is no object with a key. {Keys.Rule}", text);
        }
        catch (JsonException malformed)
        {
            return Faulty(at, "ROW_UNREADABLE", $"The line is no JSON: {malformed.Message}", default);
        }
    }

    /// <summary>Bytes that are no UTF-8, and an escape such as \ud800 alone, are no text: whoever reads it later could only
    /// throw, or would write another.</summary>
    static bool IsText(byte[] line)
    {
        if (!Utf8.IsValid(line))
            return false;
        if (!line.AsSpan().Contains((byte)'\\'))
            return true;
        var reader = new Utf8JsonReader(line, new() { MaxDepth = KontorJson.MaxDepth });
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static MappedRow Faulty(RowAt at, string code, string message, ReadOnlyMemory<byte> source) =>
        new(at, null, [new(at, null, null, code, message, null, IsFatal: true)], source);
}
