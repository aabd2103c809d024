using Kontor.Kernel;

namespace Kontor.Catalog.Imports;

/// <summary>What an import did.</summary>
/// <param name="Rows">The rejected rows, at most <see cref="MaxRows"/> of them; the counts speak of all.</param>
/// <param name="RejectedByCode">How many rows were rejected for which reason.</param>
/// <param name="NotedByCode">Rows that came in although something about them is dirty: PRICE_MISSING, PRICE_ZERO (imported
/// without a price), TITLE_CUT.</param>
/// <param name="Aborted">Why the file could not be read to its end; what was read before is imported.</param>
public sealed record ImportReport(
    long Created,
    long Updated,
    long Unchanged,
    long Rejected,
    IReadOnlyList<RejectedRow> Rows,
    IReadOnlyDictionary<string, long> RejectedByCode,
    IReadOnlyDictionary<string, long> NotedByCode,
    Rejection? Aborted = null
)
{
    public const int MaxRows = 10_000;
}

/// <summary>A row that was left out.</summary>
/// <param name="Line">The line of the file that it begins on, from 1.</param>
/// <param name="Sku">Null where the row has none that can be read.</param>
public sealed record RejectedRow(long Line, string? Sku, string Code, string Message);

/// <summary>How far an import is; bytes are those of the file, compressed where it is.</summary>
public readonly record struct ImportProgress(long Rows, long BytesRead, long TotalBytes);

/// <summary>Counts while an import runs.</summary>
sealed class ImportTally
{
    readonly List<RejectedRow> rows = [];
    readonly SortedDictionary<string, long> rejected = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, long> noted = new(StringComparer.Ordinal);
    long created;
    long updated;
    long unchanged;

    public void Note(string code) => noted[code] = noted.GetValueOrDefault(code) + 1;

    public void Reject(long line, string? sku, Rejection why)
    {
        rejected[why.Code] = rejected.GetValueOrDefault(why.Code) + 1;
        if (rows.Count < ImportReport.MaxRows)
            rows.Add(new(line, sku, why.Code, why.Detail is null ? why.Message : $"{why.Message} {why.Detail}"));
    }

    public void Add(MergePlan merged)
    {
        created += merged.Created.Count;
        updated += merged.Updated;
        unchanged += merged.Unchanged;
        foreach (var (good, why) in merged.Rejected)
            Reject(good.Line, good.Sku, why);
    }

    public ImportReport Report(Rejection? aborted) =>
        new(
            created,
            updated,
            unchanged,
            rejected.Values.Sum(),
            [.. rows.OrderBy(row => row.Line)],
            rejected,
            noted,
            aborted
        );
}
