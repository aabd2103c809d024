using Kontor.Platform.Data;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>How often a run has found something.</summary>
/// <param name="IsFatal">What it is about did not come in; otherwise it came in without a value, or just as it is.</param>
public sealed record FaultSum(string Code, bool IsFatal, long Count)
{
    const int Most = 100;

    /// <summary>What came in not at all first, and of that what was found most often.</summary>
    internal static Task<IReadOnlyList<FaultSum>> Of(CatalogDatabase database, Guid run, CancellationToken stop) =>
        database
            .Source.CreateCommand(
                """
                select code, fatal, count(*) from import_faults where run = $1
                group by code, fatal order by fatal desc, count(*) desc, code limit $2
                """
            )
            .With(run, Most)
            .Rows(row => new FaultSum(row.GetString(0), row.GetBoolean(1), row.GetInt64(2)), stop);
}
