using System.Text.Json;
using Kontor.Contracts.Ordering;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Ordering.Orders;

/// <summary>When an attempt moved, and when somebody is to look at it if it stands still from then on.</summary>
readonly record struct Moved(DateTimeOffset At, DateTimeOffset? DueAt);

/// <summary>The read model of orders: one row each, moved in the transaction that appends.</summary>
static class OrderTable
{
    /// <summary>Inserts nothing where the cart does not stand for this order.</summary>
    public static void Insert(NpgsqlBatch batch, Order order, Moved moved) =>
        batch.Add(
            """
            insert into orders (id, cart, status, version, currency, subtotal, discount, shipping, tax, total,
                                country, lines, provider, submitted_at, moved_at, due_at)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15, $16
            where exists (select from carts where id = $2 and attempt = $1)
            """,
            order.Id.Value,
            order.Cart.Value,
            order.Status,
            order.Version,
            order.Totals.Total.Currency,
            order.Totals.Subtotal.Amount,
            order.Totals.Discount.Amount,
            order.Totals.Shipping.Amount,
            order.Totals.Tax.Amount,
            order.Totals.Total.Amount,
            order.Country,
            JsonSerializer.Serialize(order.Lines, KontorJson.Options),
            order.Provider,
            order.SubmittedAt,
            moved.At,
            moved.DueAt
        );

    /// <summary>Touches no row where the order has moved on from that version.</summary>
    public static void Move(NpgsqlBatch batch, long from, Order order, Moved moved) =>
        batch.Add(
            """
            update orders
            set status = $3, version = $4, number = $5, authorisation = $6, rejection = $7, short_skus = $8,
                placed_at = $9, rejected_at = $10, moved_at = $11, due_at = $12
            where id = $1 and version = $2
            """,
            order.Id.Value,
            from,
            order.Status,
            order.Version,
            order.Number,
            order.Authorisation,
            order.Stage == OrderStage.Rejected ? order.Failure : null,
            (order.ShortSkus ?? []).ToArray(),
            order.PlacedAt,
            order.RejectedAt,
            moved.At,
            moved.DueAt
        );

    const string Columns = """
        o.cart, o.status, o.version, o.number, o.currency, o.subtotal, o.discount, o.shipping, o.tax, o.total,
        o.country, o.lines, o.provider, o.authorisation, o.rejection, o.short_skus, o.submitted_at, o.placed_at, o.rejected_at
        """;

    /// <summary>Orders by id, as their rows have them.</summary>
    public static async Task<IReadOnlyList<OrderView>> Page(
        NpgsqlTransaction snapshot,
        Guid after,
        int count,
        CancellationToken stop
    )
    {
        await using var read = new NpgsqlCommand(
            $"select {Columns}, o.id from orders o where o.id > $1 order by o.id limit $2",
            snapshot.Connection,
            snapshot
        ).With(after, count);
        var orders = new List<OrderView>();
        await using var row = await read.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            orders.Add(ViewOf(row, new(row.GetGuid(19))));
        return orders;
    }

    /// <summary>An order's row with what reaches it and what is sealed of it; null where there is none.</summary>
    public static async Task<StoredOrder?> Find(NpgsqlDataSource source, OrderId id, CancellationToken stop)
    {
        await using var find = source
            .CreateCommand(
                $"""
                select {Columns}, c.token_hash, k.contact
                from orders o join carts c on c.id = o.cart join checkouts k on k.order_id = o.id
                where o.id = $1
                """
            )
            .With(id.Value);
        await using var row = await find.ExecuteReaderAsync(stop);
        return await row.ReadAsync(stop) ? new(ViewOf(row, id), row.GetFieldValue<byte[]>(19), row.Bytes(20)) : null;
    }

    static OrderView ViewOf(NpgsqlDataReader row, OrderId id)
    {
        var currency = row.GetString(4);
        return new(
            id,
            row.Text(3),
            row.GetString(1),
            row.GetInt64(2),
            new(row.GetGuid(0)),
            row.GetString(10),
            JsonSerializer.Deserialize<List<OrderLine>>(row.GetString(11), KontorJson.Options)!,
            new(Amount(5), Amount(6), Amount(7), Amount(8), Amount(9)),
            new(row.GetString(12), row.Text(13)),
            row.Text(14) is { } code ? new(code, row.GetFieldValue<string[]>(15)) : null,
            Email: null,
            Shipping: null,
            Billing: null,
            row.GetFieldValue<DateTimeOffset>(16),
            row.Moment(17),
            row.Moment(18)
        );

        Money Amount(int column) => new(row.GetInt64(column), currency);
    }
}

/// <summary>An order's row; the contact is still sealed, or erased.</summary>
sealed record StoredOrder(OrderView View, byte[] TokenHash, byte[]? Contact);
