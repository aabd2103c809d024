using Kontor.Platform.Data;

namespace Kontor.Catalog.Stock;

/// <summary>A reservation that holds stock.</summary>
/// <param name="Pieces">By SKU, as they were asked for: a bundle by its own.</param>
public sealed record ReservedPieces(Guid Id, string State, IReadOnlyDictionary<string, long> Pieces);

/// <summary>Reservations as checks read them: many at a time, by id.</summary>
public sealed class ReservationFacts(CatalogDatabase database)
{
    /// <summary>Those of these ids that are held or committed.</summary>
    public async Task<IReadOnlyDictionary<Guid, ReservedPieces>> Find(
        IReadOnlyCollection<Guid> ids,
        CancellationToken stop
    )
    {
        await using var read = database
            .Source.CreateCommand(
                """
                select r.id, r.state, l.sku, sum(l.quantity)::bigint
                from reservations r join (
                    select reservation, sku, quantity from reservation_lines where reservation = any($1)
                    union all
                    select reservation, component, -quantity * pieces from reservation_bundles where reservation = any($1)
                    union all
                    select distinct reservation, sku, quantity from reservation_bundles where reservation = any($1)
                ) l on l.reservation = r.id
                where r.state in ('held', 'committed')
                group by r.id, l.sku having sum(l.quantity) <> 0
                """
            )
            .With(ids.ToArray());
        var rows = new List<(Guid Id, string State, string Sku, long Pieces)>();
        await using var row = await read.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            rows.Add((row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt64(3)));
        return rows.GroupBy(line => (line.Id, line.State))
            .ToDictionary(
                lines => lines.Key.Id,
                lines => new ReservedPieces(
                    lines.Key.Id,
                    lines.Key.State,
                    lines.ToDictionary(line => line.Sku, line => line.Pieces, StringComparer.Ordinal)
                )
            );
    }
}
