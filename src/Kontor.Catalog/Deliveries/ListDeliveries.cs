using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Products;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Deliveries;

/// <summary>Lists deliveries, newest first, and shows one.</summary>
static class ListDeliveries
{
    static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public static void Map(IEndpointRouteBuilder deliveries)
    {
        deliveries
            .MapGet("", Handle)
            .WithName("listDeliveries")
            .WithSummary("Lists deliveries, newest first")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.ValidationFailed, Refusals.InvalidCursor);
        deliveries
            .MapGet("/{delivery}", HandleOne)
            .WithName("getDelivery")
            .WithSummary("Shows a delivery")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.DeliveryNotFound);
    }

    static async Task<Reply<IReadOnlyList<DeliveryView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 100)] int limit = 20,
        string? after = null,
        [StringLength(20)] string? state = null
    )
    {
        if (state is not null && !Delivery.States.Contains(state, StringComparer.Ordinal))
            return Refusals.ValidationFailed.At("state", $"One of {string.Join(", ", Delivery.States)}.");
        var last = Last;
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            if (!Guid.TryParseExact(values[0], "D", out last))
                return Refusals.InvalidCursor;
        }
        object[] chosen = state is null ? [last, limit + 1] : [last, limit + 1, state];
        var all = await DeliveryRows.Read(
            database,
            $"where d.id < $1 {(state is null ? "" : "and d.state = $3")} order by d.id desc limit $2",
            stop,
            chosen
        );
        var page = all.Take(limit).ToList();
        return Reply<IReadOnlyList<DeliveryView>>.Of(
            page,
            next: all.Count > limit ? Cursor.Write(page[^1].Id.ToString()) : null
        );
    }

    static async Task<Reply<DeliveryView>> HandleOne(
        string delivery,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        Product.IsKey(delivery) && await DeliveryRows.Read(database, "where d.key = $1", stop, delivery) is [var found]
            ? Delivery.Answer(found)
            : Rejections.DeliveryNotFound;
}
