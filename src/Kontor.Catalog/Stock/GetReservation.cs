using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>A reservation as it stands.</summary>
/// <param name="State">held, committed, released or expired.</param>
/// <param name="Lines">What it holds or held; empty where it was released before it came.</param>
/// <param name="ExpiresAt">When it ends by itself while held; absent where only a release ends it.</param>
/// <param name="EndedAt">When it was released or expired.</param>
public sealed record ReservationView(
    Guid Id,
    string State,
    IReadOnlyList<ReservationLine> Lines,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? EndedAt
);

/// <summary>Shows a reservation.</summary>
static class GetReservation
{
    public static void Map(IEndpointRouteBuilder reservations) =>
        reservations
            .MapGet("/{reservation}", Handle)
            .WithName("getReservation")
            .WithSummary("A reservation as it stands")
            .RequireScope(Scopes.CatalogReserve)
            .Refuses(Rejections.ReservationNotFound);

    static async Task<Reply<ReservationView>> Handle(Guid reservation, CatalogDatabase database, CancellationToken stop)
    {
        await using var find = database
            .Source.CreateCommand(
                """
                select r.state, r.created_at, r.expires_at, r.ended_at, l.sku, l.quantity
                from reservations r left join reservation_lines l on l.reservation = r.id
                where r.id = $1 order by l.sku
                """
            )
            .With(reservation);
        await using var reader = await find.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return Rejections.ReservationNotFound;
        var view = new ReservationView(
            reservation,
            reader.GetString(0),
            [],
            reader.GetFieldValue<DateTimeOffset>(1),
            Time(reader, 2),
            Time(reader, 3)
        );
        var lines = new List<ReservationLine>();
        do
        {
            if (!await reader.IsDBNullAsync(4, stop))
                lines.Add(new(reader.GetString(4), checked((int)reader.GetInt64(5))));
        } while (await reader.ReadAsync(stop));
        return view with { Lines = lines };
    }

    static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
