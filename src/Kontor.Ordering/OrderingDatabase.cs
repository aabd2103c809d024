using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Ordering;

/// <summary>The order service's schema, role and journal.</summary>
public sealed class OrderingDatabase(NpgsqlDataSource source, TimeProvider clock)
    : ServiceDatabase("ordering", source, clock)
{
    public override IReadOnlyList<Invariant> Invariants { get; } =
    [
        new(
            "ORDER_IS_WHAT_ITS_EVENTS_SAY",
            """
            select format('order %s is %s at version %s; its stream ends at %s with %s', o.id, o.status, o.version, s.version, e.type)
            from orders o
            left join streams s on s.id = 'order-' || o.id
            left join journal e on e.stream = s.id and e.version = s.version
            where o.version is distinct from s.version
                or (o.status = 'placed') <> (e.type = 'order.placed.v1')
                or (o.status = 'rejected') <> (e.type = 'order.rejected.v1')
            """
        ),
        new(
            "LINES_ADD_UP_TO_THE_SUBTOTAL",
            """
            select format('order %s: lines come to %s, subtotal is %s', o.id, l.total, o.subtotal)
            from orders o cross join lateral (
                select coalesce(sum((line -> 'total' ->> 'amount')::bigint), 0) as total from jsonb_array_elements(o.lines) line
            ) l
            where l.total <> o.subtotal
            """
        ),
        new(
            "PLACED_IS_AUTHORISED_ONCE",
            """
            select format('order %s is placed with %s authorisations', o.id, count(e.id))
            from orders o left join journal e on e.stream = 'order-' || o.id and e.type = 'order.payment-authorised.v1'
            where o.status = 'placed' group by o.id having count(e.id) <> 1
            """
        ),
        new(
            "ORDERED_CART_HAS_ITS_ORDER",
            """
            select format('cart %s is ordered, and no order of it is placed', c.id)
            from carts c where c.ordered and not exists (select from orders o where o.cart = c.id and o.status = 'placed')
            """
        ),
        new(
            "PLACED_ORDER_HAS_ITS_CART",
            """
            select format('order %s is placed, and its cart %s is %s', o.id, o.cart,
                case when c.ordered then 'for order ' || c.attempt else 'not ordered' end)
            from orders o left join carts c on c.id = o.cart
            where o.status = 'placed' and (c.ordered is not true or c.attempt is distinct from o.id)
            """
        ),
        // By the journal's time, not the clock's: an installation that was stopped for a week is not accused of it.
        new(
            "ATTEMPT_STANDS",
            """
            select format('order %s is %s since %s', o.id, o.status, o.submitted_at)
            from orders o
            where o.status in ('submitted', 'awaiting_payment')
                and o.submitted_at < (select time from journal order by id desc limit 1) - interval '24 hours'
            """
        ),
    ];
}

/// <summary>Words for statements and rows that the driver lacks.</summary>
static class Statements
{
    /// <summary>Runs a statement once and says how many rows it touched.</summary>
    public static async Task<int> Run(this NpgsqlCommand command, CancellationToken stop)
    {
        await using (command)
            return await command.ExecuteNonQueryAsync(stop);
    }

    extension(NpgsqlDataReader row)
    {
        public string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        public byte[]? Bytes(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

        public Guid? Uuid(int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

        public DateTimeOffset? Moment(int column) =>
            row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}
