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
/// <param name="Lines">What it was asked for and holds or held; empty where it was released before it came.</param>
/// <param name="ExpiresAt">When it ends by itself while held; absent where only a release ends it.</param>
/// <param name="EndedAt">When it was released or expired.</param>
/// <param name="Allocations">From where it took them; of a bundle, the components that it was made of then.</param>
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
                from reservations r left join (
                    select reservation, sku, location, quantity from reservation_lines where reservation = $1
                    union all
                    select reservation, component, null, -quantity * pieces from reservation_bundles where reservation = $1
                    union all
                    select distinct reservation, sku, null, quantity from reservation_bundles where reservation = $1
                ) l on l.reservation = r.id
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
        // Without a location: what bundles took, taken off, and the bundles.
        var asked = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var parts = new List<AllocatedPieces>();
        do
        {
            if (await reader.IsDBNullAsync(4, stop))
                continue;
            var (sku, quantity) = (reader.GetString(4), reader.GetInt64(6));
            asked[sku] = asked.GetValueOrDefault(sku) + quantity;
            if (!await reader.IsDBNullAsync(5, stop))
                parts.Add(new(sku, reader.GetString(5), quantity));
        } while (await reader.ReadAsync(stop));
        var lines = asked.Where(line => line.Value != 0);
        return view with
        {
            Lines = [.. lines.Select(line => new ReservationLine(line.Key, checked((int)line.Value)))],
            Allocations = parts,
        };
    }

    static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
