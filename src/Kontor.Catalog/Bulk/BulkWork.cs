using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Bulk;

/// <summary>One batch in one transaction, begun anew where it lost a race.</summary>
static class BulkWork
{
    const int Attempts = 8;

    /// <summary>What became of the lines, in their order, and the position that the batch reached.</summary>
    public static async Task<(IReadOnlyList<BulkLine> Told, string? Position)> Write(
        CatalogDatabase database,
        string? actor,
        TimeProvider clock,
        Func<Work, Task<IEnumerable<BulkLine>>> write,
        CancellationToken stop
    )
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stop);
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var work = new Work(database, transaction) { Actor = actor };
                var told = await write(work);
                var position = await work.Append(stop);
                await work.Commit();
                return ([.. told.OrderBy(line => line.Line)], position?.ToString());
            }
            catch (Exception lost) when (attempt < Attempts && IsLostRace(lost))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2 << attempt), clock, stop);
            }
    }

    static bool IsLostRace(Exception exception) =>
        Writing.IsLostRace(exception)
        || exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };
}
