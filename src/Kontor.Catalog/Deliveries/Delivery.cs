using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.Deliveries;

/// <summary>Goods that are to come to a location, from outside or from another.</summary>
/// <param name="Key">Its owner's name for it; never changes.</param>
/// <param name="State"><c>planned</c> (nothing has moved), <c>underWay</c>, <c>received</c> (all of it) or <c>cancelled</c>
/// (what had not come does not).</param>
/// <param name="From">Absent where it comes from outside.</param>
/// <param name="Reference">What it is called elsewhere.</param>
/// <param name="ExpectedAt">For people; nothing happens by itself then.</param>
/// <param name="Version">Its ETag.</param>
public sealed record DeliveryView(
    Guid Id,
    string Key,
    string State,
    string To,
    string? From,
    IReadOnlyList<DeliveredLine> Lines,
    string? Reference,
    string? Note,
    DateTimeOffset? ExpectedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Version
)
{
    internal bool IsOpen => State is Delivery.Planned or Delivery.UnderWay;
}

/// <summary>What the steps of a delivery share: planned → under way → received, or cancelled on the way.</summary>
static class Delivery
{
    public const string Planned = "planned";
    public const string UnderWay = "underWay";
    public const string Received = "received";
    public const string Cancelled = "cancelled";
    public static readonly IReadOnlyList<string> States = [Planned, UnderWay, Received, Cancelled];

    /// <summary>One step: the delivery is locked, then its stock; the rule decides; both are written in one transaction.</summary>
    /// <param name="active">The locations that must be in use for it.</param>
    public static async Task<Reply<DeliveryView>> Step(
        this HttpContext http,
        string key,
        string kind,
        Func<DeliveryView, IEnumerable<string?>> active,
        Func<DeliveryView, LockedStock, Result<DeliveryView>> decide,
        CancellationToken stop
    )
    {
        if (!http.HasIdempotencyKey)
            return Refusals.IdempotencyKeyRequired;
        if (!http.ExpectedVersion(required: false).Is(out var expected, out var rejection))
            return rejection;
        if (!Product.IsKey(key))
            return Rejections.DeliveryNotFound;
        return await http.Write(DeliveryRows.Of(http), Store, stop);

        async Task<Reply<DeliveryView>> Store(Work work)
        {
            if (await DeliveryRows.Lock(work, key, stop) is not { } standing)
                return Rejections.DeliveryNotFound;
            if (expected is { } version && version != standing.Version)
                return Refusals.PreconditionFailed.Because($"The delivery is at version {standing.Version}.");
            if (!standing.IsOpen)
                return Rejections.DeliveryNotReady.Because($"It is {standing.State}.");
            var locked =
                kind == MovementKind.CalledOff
                    ? await LockStanding(work, standing, stop)
                    : await LockStock(work, standing, active, stop);
            if (!locked.Is(out var stock, out var refused))
                return refused;
            if (!decide(standing, stock).Is(out var decided, out refused))
                return refused;
            var now = http.Clock.GetUtcNow();
            var after = decided with { Version = standing.Version + 1, UpdatedAt = now };
            await DeliveryRows.Update(work, after, stop);
            await StockLedger.Write(work, stock, Said(work, after, kind), now, stop);
            Happened(work, after);
            return Answer(after);
        }
    }

    public static async Task<Result<LockedStock>> LockStock(
        Work work,
        DeliveryView delivery,
        Func<DeliveryView, IEnumerable<string?>> active,
        CancellationToken stop
    )
    {
        string[] skus = [.. StillToCome(delivery)];
        var found = await StockLedger.LockKnown(work, LocationsOf(delivery), skus, stop);
        if (!found.Is(out var stock, out var rejection))
            return rejection;
        return
            active(delivery).OfType<string>().FirstOrDefault(l => !stock.Find(skus[0], l)!.Place.IsActive)
                is { } resting
            ? Rejections.LocationInactive.Because($"'{resting}' is not in use.")
            : stock;
    }

    /// <summary>What there is still of it: a planned one has moved nothing, and a variant may have gone by a hand that did
    /// not look at what is under way.</summary>
    static async Task<Result<LockedStock>> LockStanding(Work work, DeliveryView delivery, CancellationToken stop) =>
        await StockLedger.Lock(
            work,
            [
                .. LocationsOf(delivery)
                    .SelectMany(location => StillToCome(delivery).Select(sku => (sku, location)))
                    .Where(_ => delivery.State == UnderWay),
            ],
            stop
        );

    static string[] LocationsOf(DeliveryView delivery) => [.. new[] { delivery.To, delivery.From }.OfType<string>()];

    static IEnumerable<string> StillToCome(DeliveryView delivery) =>
        delivery.Lines.Where(line => line.Received < line.Quantity).Select(line => line.Sku);

    public static Movement Said(Work work, DeliveryView delivery, string kind) =>
        new(kind, work.Actor ?? "nobody", null, delivery.Reference, delivery.Note, delivery.Id);

    public static void Happened(Work work, DeliveryView delivery) =>
        work.Happened(
            $"delivery-{delivery.Key}",
            new DeliveryChanged(
                delivery.Key,
                delivery.Version,
                delivery.State,
                delivery.To,
                delivery.From,
                delivery.Lines
            )
        );

    public static Reply<DeliveryView> Answer(DeliveryView delivery, int status = StatusCodes.Status200OK) =>
        Reply<DeliveryView>.Of(
            delivery,
            status,
            delivery.Version,
            status == StatusCodes.Status201Created ? $"/api/v1/deliveries/{delivery.Key}" : null
        );

    /// <summary>So many more pieces are under way to where it goes.</summary>
    public static void Expect(LockedStock stock, DeliveryView delivery, string sku, long pieces) =>
        Move(stock, sku, delivery.To, level => level with { Incoming = checked(level.Incoming + pieces) });

    public static void Move(LockedStock stock, string sku, string location, Func<StockLevel, StockLevel> to)
    {
        var row = stock.Find(sku, location)!;
        row.Leave(to(row.Level));
    }

    /// <summary>The rule of leaving: what nobody has reserved goes from one location and is under way to the other.</summary>
    public static Result<DeliveryView> Leave(DeliveryView delivery, LockedStock stock)
    {
        if (delivery.From is { } from)
        {
            long Unreserved(string sku) =>
                stock.Find(sku, from)!.Level is var level ? level.OnHand - level.Reserved : 0;
            if (delivery.Lines.Where(l => Unreserved(l.Sku) < l.Quantity).ToArray() is { Length: > 0 } few)
                return Rejections.StockNotFree.At(
                    few.Select(line => line.Sku),
                    sku => $"{Math.Max(0, Unreserved(sku))} can go from '{from}'."
                );
            foreach (var line in delivery.Lines)
                Move(stock, line.Sku, from, level => level.WithOnHand(level.OnHand - line.Quantity));
        }
        foreach (var line in delivery.Lines)
            Expect(stock, delivery, line.Sku, line.Quantity);
        return delivery with { State = UnderWay };
    }
}
