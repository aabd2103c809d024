using Kontor.Catalog.Imports.Runs;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Doors;

/// <summary>An import as staff see it.</summary>
/// <param name="Supplier">Whose feed it is; a supplier's imports go one at a time.</param>
/// <param name="IsApproved">It is loaded without asking, unless the feed is suddenly small.</param>
/// <param name="Held">The code of why it waits or has failed: FEED_EMPTY, FEED_SHRANK, PLAN_MOVED, TOO_MANY_FAULTS …</param>
/// <param name="HeldBecause">The same for a person.</param>
/// <param name="Files">What was sent.</param>
sealed record ImportView(
    Guid Id,
    string Supplier,
    ImportState State,
    bool IsApproved,
    ImportCounts Counts,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Held = null,
    string? HeldBecause = null,
    IReadOnlyList<ImportFileView>? Files = null
)
{
    public static ImportView Of(ImportRun run, IReadOnlyList<ImportFileView>? files = null) =>
        new(
            run.Id,
            run.Terms.Supplier,
            run.State,
            run.IsApproved,
            run.Counts,
            run.CreatedBy,
            run.CreatedAt,
            run.UpdatedAt,
            run.Held,
            run.HeldBecause,
            files
        );

    /// <summary>The id in a path; a refusal where it is none.</summary>
    public static Result<Guid> IdOf(string import) =>
        Guid.TryParseExact(import, "D", out var id) ? id : Rejections.ImportNotFound;
}
