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
/// <param name="Allocations">From where it took them.</param>
public sealed record ReservationView(
    Guid Id,
    string State,
    IReadOnlyList<ReservationLine> Lines,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<AllocatedPieces> Allocations
);

/// <summary>Pieces of one variant at one location.</summary>
public sealed record AllocatedPieces(string Sku, string Location, long Quantity);

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
                select r.state, r.created_at, r.expires_at, r.ended_at, l.sku, l.location, l.quantity
                from reservations r left join reservation_lines l on l.reservation = r.id
                where r.id = $1 order by l.sku, l.location
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
            Time(reader, 3),
            []
        );
        var parts = new List<AllocatedPieces>();
        do
        {
            if (!await reader.IsDBNullAsync(4, stop))
                parts.Add(new(reader.GetString(4), reader.GetString(5), reader.GetInt64(6)));
        } while (await reader.ReadAsync(stop));
        var lines = parts.GroupBy(part => part.Sku, StringComparer.Ordinal);
        return view with
        {
            Lines = [.. lines.Select(line => new ReservationLine(line.Key, checked((int)line.Sum(p => p.Quantity))))],
            Allocations = parts,
        };
    }

    static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
