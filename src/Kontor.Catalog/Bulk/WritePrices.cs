using System.Text.Json;
using Kontor.Catalog.Prices;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Bulk;

/// <summary>Sets many prices by their keys: one of them a line, an answer a line.</summary>
static class WritePrices
{
    const int MaxBatch = 1_000;
    const string Savepoint = "line";

    /// <summary>A line that could be read.</summary>
    internal sealed record PriceLine(long Line, WantedPrice Wanted, int Bytes) : IReadLine
    {
        public string About => Wanted.Price.Key;
    }

    public static void Map(IEndpointRouteBuilder prices) =>
        prices
            .MapPost("/bulk", Handle)
            .WithName("writePrices")
            .WithSummary("Sets many prices: NDJSON, a price a line, answered line by line")
            .WithDescription(
                "The body is application/x-ndjson: each line a price as setPrices takes it, with its key, set whatever stands "
                    + "there, or, with version, only where it stands at that version (0: it must be new). The answer is that of "
                    + "writeProducts: a line for each line, and the sum. A line that is refused leaves the others alone. At most "
                    + "100,000 lines, 512 MiB in all. A repeat is harmless: what stands already is unchanged."
            )
            .RequireScope(Scopes.CatalogWrite)
            .TakesLines();

    static Task<IResult> Handle(
        HttpContext http,
        CatalogDatabase database,
        TimeProvider clock,
        CancellationToken stop
    ) =>
        LineByLine.Answer(
            http,
            new LineKind<PriceLine>(
                new(MaxBatch),
                Read,
                (batch, token) =>
                    BulkWork.Write(
                        database,
                        http.User.Subject,
                        clock,
                        async work => [.. batch.Rejected, .. await Write(work, batch.Wanted, token)],
                        token
                    )
            ),
            stop
        );

    internal static (string? Key, Result<PriceLine> Wanted) Read(ReadOnlyMemory<byte> text, long number)
    {
        if (JsonSerializer.Deserialize<SetPrices.Row>(text.Span, KontorJson.Options) is not { } row)
            return (null, Refusals.MalformedBody.Because("A line is an object with key, sku and price."));
        var wanted = new WantedPrice(row.Of(), "", row.Version);
        return Pricing.Refusal([wanted]) is { } refusal
            ? (row.Key, refusal)
            : (row.Key, new PriceLine(number, wanted, text.Length));
    }

    /// <summary>All of them with few statements; where one is refused, none, and each alone: in the order of the lines, so
    /// that a price may take the place that an earlier line has freed.</summary>
    static async Task<IEnumerable<BulkLine>> Write(Work work, IReadOnlyList<PriceLine> lines, CancellationToken stop)
    {
        if ((await Try(work, lines, stop)).Is(out var told, out _))
            return told;
        // What was locked is free again: all in order first, so that two who bring the same do not meet in a ring.
        await PriceNames.Unknown(work, [.. lines.Select(line => line.Wanted)], stop);
        await PriceTable.Lock(work, [.. lines.Select(line => line.About)], stop);
        var alone = new List<BulkLine>(lines.Count);
        foreach (var line in lines)
            alone.Add(
                (await Try(work, [line], stop)).Is(out var one, out var why)
                    ? one[0]
                    : BulkLine.Rejected(line.Line, line.About, why)
            );
        return alone;
    }

    /// <summary>What became of them, or the refusal that left nothing written and nothing to be told.</summary>
    static async Task<Result<IReadOnlyList<BulkLine>>> Try(
        Work work,
        IReadOnlyList<PriceLine> lines,
        CancellationToken stop
    )
    {
        var noted = work.Noted;
        await work.Transaction.SaveAsync(Savepoint, stop);
        Rejection? refusal;
        try
        {
            var set = await Set(work, lines, stop);
            if (set.Is(out _, out refusal))
            {
                await work.Transaction.ReleaseAsync(Savepoint, stop);
                return set;
            }
        }
        catch (PostgresException met) when (met.ConstraintName == "prices_do_not_overlap")
        {
            refusal = Rejections.PriceOverlaps;
        }
        catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            refusal = Rejections.PriceNamesUnknown;
        }
        await work.Transaction.RollbackAsync(Savepoint, stop);
        work.Forget(noted);
        return refusal;
    }

    static async Task<Result<IReadOnlyList<BulkLine>>> Set(
        Work work,
        IReadOnlyList<PriceLine> lines,
        CancellationToken stop
    )
    {
        WantedPrice[] wanted = [.. lines.Select(line => line.Wanted)];
        if (await PriceNames.Unknown(work, wanted, stop) is { } unknown)
            return unknown;
        var standing = await PriceTable.Lock(work, [.. lines.Select(line => line.About)], stop);
        if (!(await Pricing.Set(work, wanted, standing, stop)).Is(out var after, out var rejection))
            return rejection;
        var versions = after.ToDictionary(row => row.Price.Key, row => row.Version, StringComparer.Ordinal);
        return lines
            .Select(line => new BulkLine(
                line.Line,
                line.About,
                Status(standing.GetValueOrDefault(line.About)?.Version, versions[line.About]),
                Version: versions[line.About]
            ))
            .ToList();
    }

    static BulkStatus Status(long? before, long after) =>
        before is null && after == 1 ? BulkStatus.Created
        : before == after ? BulkStatus.Unchanged
        : BulkStatus.Updated;
}
