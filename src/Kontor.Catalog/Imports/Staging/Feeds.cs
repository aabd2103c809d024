using System.Text.Json;
using Kontor.Catalog.Imports.Runs;
using Kontor.Imports;
using Kontor.Imports.Mapping;
using Kontor.Kernel;
using Kontor.Platform.Data;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>Opens feeds: those whose mapping says what their <c>files</c> mean, and those whose lines are products already.</summary>
static class Feeds
{
    static readonly JsonDocumentOptions Lenient = new()
    {
        MaxDepth = KontorJson.MaxDepth,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The terms of a run stand in the mapping file beside what the files mean.</summary>
    static readonly JsonSerializerOptions Beside = new(KontorJson.Stored)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static Result<OpenedFeed> Open(
        string mapping,
        IReadOnlyList<(string Name, string Path)> files,
        IAttributeForms forms
    )
    {
        try
        {
            using var document = JsonDocument.Parse(mapping, Lenient);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("files", out _)
                ? Mapped(mapping, files, forms)
                : ProductLines.Open(mapping, files);
        }
        catch (JsonException malformed)
        {
            return Rejections.ImportMappingInvalid.Because($"It is no JSON: {malformed.Message}");
        }
    }

    /// <summary>The product types as they are now.</summary>
    public static async Task<IAttributeForms> Forms(CatalogDatabase database, CancellationToken stop) =>
        new JsonAttributeForms(
            await database
                .Source.CreateCommand(
                    "select jsonb_build_object('key', key, 'attributes', attributes)::text from product_types"
                )
                .Rows(row => row.GetString(0), stop)
        );

    static Result<OpenedFeed> Mapped(
        string mapping,
        IReadOnlyList<(string Name, string Path)> files,
        IAttributeForms forms
    )
    {
        if (!FeedMapping.Read(mapping).Is(out var read, out var wrong))
            return Rejections.ImportMappingInvalid with { Detail = wrong.Detail, Errors = wrong.Errors };
        var terms = JsonSerializer.Deserialize<ImportTerms>(mapping, Beside)!;
        if (terms.Fault is { } fault)
            return Rejections.ImportMappingInvalid.Because(fault);
        if (
            !MappedFeed
                .Open(
                    read.WithoutMedia(),
                    [.. files.Select(file => new FeedFile(file.Path) { Name = file.Name })],
                    forms
                )
                .Is(out var feed, out var unmapped)
        )
            return unmapped;
        // Pictures are not fetched yet from where a feed says; whoever expects them is to know.
        FeedNotice[] notices = read.HasMedia
            ?
            [
                new(
                    0,
                    files is [var first, ..] ? first.Name : "",
                    "MEDIA_NOT_FETCHED",
                    "The mapping names pictures; imports do not fetch them."
                ),
            ]
            : [];
        return new OpenedFeed(
            terms,
            feed.Rows(CancellationToken.None),
            () => new(feed.Progress.Skipped, feed.Broken, [.. notices, .. feed.Notices])
        );
    }
}
