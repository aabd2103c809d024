using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog;

/// <summary>The catalogue's tables and journal, as its own role.</summary>
public sealed class CatalogDatabase(NpgsqlDataSource source, TimeProvider clock)
    : ServiceDatabase("catalog", source, clock)
{
    public override IReadOnlyList<Invariant> Invariants { get; } =
    [
        .. ProductTypes.TypeInvariants.All,
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
            select format('variant %s at %s: %s reserved, reservations hold %s', coalesce(s.variant, h.variant),
                coalesce(s.location, h.location), coalesce(s.reserved::text, 'no stock row, nothing'), coalesce(h.held, 0))
            from stock s full join (
                select l.variant, l.location, sum(l.quantity) as held
                from reservation_lines l join reservations r on r.id = l.reservation 
                where r.state in ('held', 'committed') group by 1, 2
            ) h on h.variant = s.variant and h.location = s.location
            where coalesce(s.reserved, 0) <> coalesce(h.held, 0)
            """
        ),
        new(
            "A_HOLDING_RESERVATION_HAS_LINES",
            """
            select format('reservation %s is %s and holds nothing', r.id, r.state) from reservations r
            where r.state in ('held', 'committed') and not exists (select from reservation_lines l where l.reservation = r.id)
            """
        ),
        new(
            "A_LINE_HAS_ITS_RESERVATION",
            """
            select format('reservation %s has a line of %s and does not stand', l.reservation, l.sku) from reservation_lines l
            where not exists (select from reservations r where r.id = l.reservation)
            """
        ),
        new(
            "AN_ENDED_RESERVATION_SAYS_WHEN",
            """
            select format('reservation %s is %s, ended at %s', id, state, ended_at) from reservations
            where (state in ('released', 'expired')) <> (ended_at is not null)
            """
        ),
        // Counted is only the time in which somebody was there to end it, and known to have been: from the start of the
        // backend whose lease it is (a process asks for the lease as long as it lives) to now or to the lease's end. Who
        // gave the lease up in order leaves neither, and of such an installation nothing is said.
        new(
            "NONE_IS_HELD_LONG_PAST_ITS_TIME",
            """
            select format('reservation %s is held, and was to end at %s', r.id, r.expires_at)
            from reservations r join leases l on l.role = 'reservations'
            where r.state = 'held' and r.expires_at is not null
                and greatest(r.expires_at, l.backend_start) < least(clock_timestamp(), l.expires) - interval '1 hour'
            """
        ),
    ];
}
