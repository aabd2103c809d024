using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog;

/// <summary>The catalogue's tables and journal, as its own role.</summary>
public sealed class CatalogDatabase(NpgsqlDataSource source, TimeProvider clock)
    : ServiceDatabase("catalog", source, clock)
{
    public override IReadOnlyList<Invariant> Invariants { get; } =
    [
        new(
            "NO_OVERSELL",
            """
            select format('variant %s at %s: %s reserved of %s on hand', variant, location, reserved, on_hand)
            from stock where reserved > on_hand + backorder_limit
            """
        ),
        new(
            "RESERVED_IS_WHAT_IS_HELD",
            """
            select format('variant %s at %s: %s reserved, reservations hold %s', s.variant, s.location, s.reserved, coalesce(h.held, 0))
            from stock s left join (
                select l.variant, l.location, sum(l.quantity) as held
                from reservation_lines l join reservations r on r.id = l.reservation where r.state = 'held' group by 1, 2
            ) h on h.variant = s.variant and h.location = s.location
            where s.reserved <> coalesce(h.held, 0)
            """
        ),
    ];
}
