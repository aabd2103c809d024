using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Kontor.Catalog.Imports.Runs;
using Kontor.Catalog.Imports.Staging;
using Kontor.Contracts.Catalog;
using Kontor.Imports.Mapping;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>Opens an import: its mapping comes first, then its files, then it is started.</summary>
static class CreateImport
{
    const int MaxMapping = 1 << 20;

    /// <param name="Mapping">What the files mean; names the supplier.</param>
    /// <param name="Approved">True: what is planned is loaded without asking, unless the feed is suddenly small.</param>
    public sealed record Request([property: Required] JsonElement Mapping, bool Approved = false);

    public static void Map(IEndpointRouteBuilder imports) =>
        imports
            .MapPost("", Handle)
            .WithName("createImport")
            .WithSummary("Opens an import with its mapping; its files are sent next")
            .RequireScope(Scopes.ImportsRun)
            .Answers(StatusCodes.Status201Created)
            .Refuses(Rejections.ImportMappingInvalid);

    static async Task<Reply<ImportView>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        OpenFeed open,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (!Decide(wanted.Mapping.GetRawText(), open).Is(out var terms, out var rejection))
            return rejection;
        return await http.Write(
            database,
            async work =>
            {
                var by = http.User.Subject ?? "anybody";
                var run = New(terms, wanted.Mapping.GetRawText(), wanted.Approved, by, clock);
                await RunTable.Insert(work, run, stop);
                return Reply<ImportView>.Of(
                    ImportView.Of(run),
                    StatusCodes.Status201Created,
                    location: $"/api/v1/imports/{run.Id}"
                );
            },
            stop
        );
    }

    /// <summary>The rule: a mapping that can be used.</summary>
    internal static Result<ImportTerms> Decide(string mapping, OpenFeed open) =>
        mapping.Length > MaxMapping ? Rejections.ImportMappingInvalid.Because($"At most {MaxMapping} characters.")
        : open(mapping, [], new JsonAttributeForms()).Is(out var feed, out var wrong) ? feed.Terms
        : wrong;

    internal static ImportRun New(ImportTerms terms, string mapping, bool isApproved, string by, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new(
            Id<ImportRun>.New(clock).Value,
            terms,
            mapping,
            isApproved,
            ImportState.Receiving,
            "",
            new(),
            null,
            null,
            by,
            now,
            now,
            1
        );
    }
}
