using Kontor.Platform.Data;

namespace Kontor.Catalog.Stock;

/// <summary>What is always true of stock, reservations and deliveries.</summary>
static class StockInvariants
{
    public static readonly IReadOnlyList<Invariant> All =
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
        new(
            "LEVELS_ARE_THE_SUM_OF_THEIR_MOVEMENTS",
            """
            select format('variant %s at %s: %s on hand and %s incoming, its movements add up to %s and %s',
                coalesce(s.variant, m.variant), coalesce(s.location, m.location), coalesce(s.on_hand, 0),
                coalesce(s.incoming, 0), coalesce(m.on_hand, 0), coalesce(m.incoming, 0))
            from stock s full join (
                select variant, location, sum(on_hand) as on_hand, sum(incoming) as incoming
                from stock_movements group by 1, 2
            ) m on m.variant = s.variant and m.location = s.location
            where coalesce(s.on_hand, 0) <> coalesce(m.on_hand, 0) or coalesce(s.incoming, 0) <> coalesce(m.incoming, 0)
            """
        ),
        new(
            "INCOMING_IS_WHAT_IS_UNDER_WAY",
            """
            select format('variant %s at %s: %s incoming, deliveries under way bring %s', coalesce(s.variant, d.variant),
                coalesce(s.location, d.destination), coalesce(s.incoming, 0), coalesce(d.pieces, 0))
            from stock s full join (
                select l.variant, d.destination, sum(l.quantity - l.received) as pieces
                from deliveries d join delivery_lines l on l.delivery = d.id where d.state = 'underWay' group by 1, 2
            ) d on d.variant = s.variant and d.destination = s.location
            where coalesce(s.incoming, 0) <> coalesce(d.pieces, 0)
            """
        ),
        new(
            "A_DELIVERY_IS_RECEIVED_WHEN_ALL_HAS_COME",
            """
            select format('delivery %s is %s with %s of %s pieces received', d.key, d.state, sum(l.received), sum(l.quantity))
            from deliveries d left join delivery_lines l on l.delivery = d.id group by d.id
            having count(l.*) = 0 or (d.state = 'planned' and sum(l.received) > 0)
                or (d.state = 'received') <> (sum(l.received) = sum(l.quantity))
            """
        ),
        // A transfer neither makes nor loses pieces: what left is there, under way, or back.
        new(
            "A_DELIVERY_MOVED_WHAT_IT_SAYS",
            """
            select format('delivery %s, variant %s: moved %s to %s and %s from %s, and is %s with %s of %s received',
                d.key, l.variant, m.came, d.destination, m.went, coalesce(d.source, 'outside'), d.state, l.received, l.quantity)
            from deliveries d join delivery_lines l on l.delivery = d.id
            cross join lateral (
                select coalesce(sum(on_hand) filter (where location = d.destination), 0) as came,
                    coalesce(-sum(on_hand) filter (where location = d.source), 0) as went
                from stock_movements where delivery = d.id and variant = l.variant
            ) m
            where m.came <> l.received or m.went <> case
                when d.source is null or d.state = 'planned' then 0
                when d.state = 'cancelled' then l.received
                else l.quantity
            end
            """
        ),
    ];
}
