using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Kontor.Catalog.Inventory;
using Kontor.Catalog.Stock;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Bulk;

/// <summary>Enters many counts, of any locations: one of them a line, an answer a line.</summary>
static class WriteCounts
{
    const int MaxBatch = 1_000;
    const int MaxReference = 100;

    /// <param name="Seen">What was on hand by the books when the count was made.</param>
    /// <param name="Force">Enters a count below what is reserved too.</param>
    internal sealed record Row(
        [property: Required] string Sku,
        [property: Required] string Location,
        long Quantity,
        long? Seen = null,
        bool Force = false,
        string? Reference = null,
        string? Note = null
    );

    /// <summary>A line that could be read.</summary>
    internal sealed record CountLine(long Line, Row Wanted, int Bytes) : IReadLine
    {
        // Neither a SKU nor a location has a space in it.
        public string About => $"{Wanted.Sku} {Wanted.Location}";
    }

    public static void Map(IEndpointRouteBuilder stock) =>
        stock
            .MapPost("/counts/bulk", Handle)
            .WithName("writeStockCounts")
            .WithSummary("Enters many counts: NDJSON, a SKU at a location a line, answered line by line")
            .WithDescription(
                "The body is application/x-ndjson: each line {sku, location, quantity, seen?, force?, reference?, note?}, as "
                    + "recordStockCount takes them. The answer is that of writeProducts: a line for each line, told by its SKU, "
                    + "and the sum. A line that is refused leaves the others alone. At most 100,000 lines, 512 MiB in all. A "
                    + "repeat is harmless as long as nothing moves: what is on hand already is unchanged."
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
            new LineKind<CountLine>(
                new(MaxBatch),
                Read,
                (batch, token) =>
                    BulkWork.Write(
                        database,
                        http.User.Subject,
                        clock,
                        async work => [.. batch.Rejected, .. await Write(work, batch.Wanted, clock, token)],
                        token
                    )
            ),
            stop
        );

    internal static (string? Key, Result<CountLine> Wanted) Read(ReadOnlyMemory<byte> text, long number)
    {
        if (JsonSerializer.Deserialize<Row>(text.Span, KontorJson.Options) is not { } row)
            return (null, Refusals.MalformedBody.Because("A line is an object with sku, location and quantity."));
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!Keys.Is(row.Sku))
            faults.Add("sku", [Keys.Rule]);
        if (!Keys.Is(row.Location))
            faults.Add("location", [Keys.Rule]);
        if (row.Quantity is < 0 or > Paper.MaxPieces)
            faults.Add("quantity", [$"0 to {Paper.MaxPieces} pieces."]);
        if (row.Seen is < 0 or > Paper.MaxPieces)
            faults.Add("seen", [$"0 to {Paper.MaxPieces} pieces."]);
        if (row.Reference?.Length > MaxReference)
            faults.Add("reference", [$"At most {MaxReference} characters."]);
        if (row.Note?.Length > Paper.MaxWords)
            faults.Add("note", [$"At most {Paper.MaxWords} characters."]);
        return faults.Count == 0
            ? (row.Sku, new CountLine(number, row, text.Length))
            : (row.Sku, Refusals.ValidationFailed with { Errors = faults });
    }

    /// <summary>All rows are locked, then each line is decided alone, and those that stand are written: few statements for
    /// any number of lines with the same words.</summary>
    static async Task<IEnumerable<BulkLine>> Write(
        Work work,
        IReadOnlyList<CountLine> lines,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var stock = await StockLedger.Lock(work, [.. lines.Select(l => (l.Wanted.Sku, l.Wanted.Location))], stop);
        var told = new List<BulkLine>(lines.Count);
        var counted = new List<(Movement Said, StockRow Row)>();
        foreach (var line in lines)
            if (Decide(stock, line.Wanted) is { } refused)
                told.Add(BulkLine.Rejected(line.Line, line.Wanted.Sku, refused));
            else
            {
                var row = stock.Find(line.Wanted.Sku, line.Wanted.Location)!;
                if (row.IsNew || row.Level.OnHand != line.Wanted.Quantity)
                    counted.Add((Said(work, line.Wanted), row));
                told.Add(new(line.Line, row.Sku, Status(row, line.Wanted)));
                row.Leave(row.Level.WithOnHand(line.Wanted.Quantity));
            }
        foreach (var words in counted.GroupBy(one => one.Said, one => one.Row))
            await StockLedger.Write(work, LockedStock.Of(words), words.Key, clock.GetUtcNow(), stop);
        return told;
    }

    /// <summary>The rule of a count among many, as of one alone; null where nothing is against it.</summary>
    internal static Rejection? Decide(LockedStock stock, Row wanted)
    {
        if (!stock.Locations.Contains(wanted.Location, StringComparer.Ordinal))
            return Rejections.UnknownLocation.Because($"'{wanted.Location}' does not exist.");
        if (stock.Find(wanted.Sku, wanted.Location) is not { } row)
            return Rejections.UnknownSku.At("sku", "No variant has this SKU.");
        if (stock.Bundles.Contains(wanted.Sku, StringComparer.Ordinal))
            return Rejections.SkuIsBundle;
        if (wanted.Seen is { } seen && seen != row.Level.OnHand)
            return Rejections.StockMoved.At("seen", $"{row.Level.OnHand} are on hand.");
        return !wanted.Force && row.Level.WithOnHand(wanted.Quantity).Owed > row.Level.Owed
            ? Rejections.StockBelowReserved.At("quantity", $"{row.Level.Reserved} are reserved.")
            : null;
    }

    static Movement Said(Work work, Row wanted) =>
        new(
            MovementKind.Counted,
            work.Actor ?? "nobody",
            wanted.Force ? "forced" : null,
            wanted.Reference,
            wanted.Note
        );

    static BulkStatus Status(StockRow row, Row wanted) =>
        row.IsNew ? BulkStatus.Created
        : row.Level.OnHand == wanted.Quantity ? BulkStatus.Unchanged
        : BulkStatus.Updated;
}
