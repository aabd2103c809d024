using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Ordering.Carts;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Orders;

/// <summary>Lists what happened to an order, from the first event on.</summary>
static class GetOrderEvents
{
    const int DefaultLimit = 50;
    const int MaxLimit = 100;

    /// <param name="Type">The event's written name, <c>order.placed.v1</c>.</param>
    /// <param name="Version">Its dense place in the order's stream, from 1.</param>
    public sealed record View(string Type, long Version, DateTimeOffset Time, JsonElement Data);

    public static void Map(IEndpointRouteBuilder orders) =>
        orders
            .MapGet("/{order}/events", Handle)
            .WithName("getOrderEvents")
            .WithSummary("Lists what happened to an order, oldest first")
            .HeldBy("the token of its cart, or scope ordering:read")
            .Refuses(Rejections.OrderNotFound, Refusals.InvalidCursor);

    static async Task<Reply<IReadOnlyList<View>>> Handle(
        OrderId order,
        HttpContext http,
        OrderingDatabase database,
        CancellationToken stop,
        [Range(1, MaxLimit)] int limit = DefaultLimit,
        string? after = null
    )
    {
        if (!VersionOf(after).Is(out var version, out var rejection))
            return rejection;
        if (
            await OrderTable.Find(database.Source, order, stop) is not { } found
            || !http.MayReach(found.TokenHash, Scopes.OrderingRead)
        )
            return Rejections.OrderNotFound;

        http.Response.Headers.CacheControl = "no-store";
        var events = await database.Journal.ReadStream(Order.StreamOf(order), version, null, stop);
        var page = events.Take(limit).Select(ViewOf).ToList();
        return Reply<IReadOnlyList<View>>.Of(
            page,
            next: events.Count > limit ? Cursor.Write(page[^1].Version.ToString(CultureInfo.InvariantCulture)) : null
        );
    }

    static Result<long> VersionOf(string? after)
    {
        if (after is null)
            return 0;
        if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
            return rejection;
        return long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : Refusals.InvalidCursor;
    }

    static View ViewOf(RecordedEvent recorded)
    {
        using var body = JsonDocument.Parse(recorded.Body);
        return new(recorded.Type, recorded.Version, recorded.Time, body.RootElement.Clone());
    }
}
