using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Ordering.Carts;

/// <summary>Reads carts.</summary>
static class CartTable
{
    /// <summary>A cart with its lines in the order in which they were put in: one statement, one snapshot.</summary>
    public static async Task<Cart?> Find(NpgsqlDataSource source, CartId id, CancellationToken stop)
    {
        await using var find = source
            .CreateCommand(
                """
                select c.token_hash, c.currency, c.country, c.version, c.contact, c.attempt, c.ordered,
                       c.erased_at is not null, l.sku, l.title, l.quantity, l.unit_amount,
                       c.channel
                from carts c left join cart_lines l on l.cart = c.id
                where c.id = $1 order by l.place
                """
            )
            .With(id.Value);
        await using var row = await find.ExecuteReaderAsync(stop);
        Cart? cart = null;
        List<CartLine> lines = [];
        while (await row.ReadAsync(stop))
        {
            cart ??= Read(row, id, lines);
            if (row.Text(8) is { } sku)
                lines.Add(new(sku, row.GetString(9), row.GetInt32(10), new(row.GetInt64(11), cart.Currency)));
        }
        return cart;
    }

    static Cart Read(NpgsqlDataReader row, CartId id, List<CartLine> lines) =>
        new(
            id,
            row.GetFieldValue<byte[]>(0),
            row.GetString(1),
            row.Text(2),
            row.GetInt64(3),
            row.Bytes(4),
            row.Uuid(5) is { } attempt ? new OrderId(attempt) : null,
            row.GetBoolean(6),
            row.GetBoolean(7),
            lines,
            row.Text(12)
        );
}
