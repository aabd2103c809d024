using System.Text;
using Kontor.Ordering.Orders;
using Kontor.Platform.Data;
using Kontor.Platform.Encryption;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Ordering.Checkout;

/// <summary>An attempt to make an order of a cart: how far it has come, and what it needs to go on in any process.</summary>
/// <param name="Contact">Sealed, bound to the cart; nothing after an erasure.</param>
/// <param name="PaymentToken">Sealed, bound to the order; nothing after an erasure.</param>
/// <param name="Claim">Under what its answer is fixed, once.</param>
/// <param name="TraceId">Of the request that submitted it; refusals name it, whoever drives the attempt to them.</param>
sealed record Attempt(Order Order, byte[] Contact, byte[] PaymentToken, IdempotencyClaim Claim, string TraceId)
{
    /// <summary>Under whose key its answers are kept, as all that is about its cart.</summary>
    public Guid? Person => KeyRing.IsPersonal(Contact) ? Order.Cart.Value : null;

    /// <param name="person">The cart's.</param>
    public static byte[] SealToken(string token, OrderId order, Guid? person, KeyRing keys) =>
        keys.Seal(person, Encoding.UTF8.GetBytes(token), Context(order));

    public string OpenToken(KeyRing keys) =>
        Encoding.UTF8.GetString(
            keys.Open(Order.Cart.Value, PaymentToken, Context(Order.Id))
                ?? throw new InvalidOperationException($"The order {Order.Id} is erased and needs no payment token.")
        );

    public OrderView View(KeyRing keys) =>
        OrderView.Of(Order, Carts.Contact.Open(Contact, Order.Cart, Order.Country, keys));

    static byte[] Context(OrderId order) => Encoding.UTF8.GetBytes($"payment\n{order}");
}

/// <summary>Keeps attempts where every process finds them.</summary>
static class AttemptTable
{
    /// <summary>Inserts nothing where its order was not.</summary>
    public static void Insert(NpgsqlBatch batch, Attempt attempt) =>
        batch.Add(
            """
            insert into checkouts (order_id, contact, payment_token, caller, method, path, key, trace_id)
            select $1, $2, $3, $4, $5, $6, $7, $8 where exists (select from orders where id = $1)
            """,
            attempt.Order.Id.Value,
            attempt.Contact,
            attempt.PaymentToken,
            attempt.Claim.Caller,
            attempt.Claim.Method,
            attempt.Claim.Path,
            attempt.Claim.Key,
            attempt.TraceId
        );

    /// <summary>The attempt as its stream and its row have it now.</summary>
    /// <param name="transaction">Null: on connections of its own.</param>
    public static async Task<Attempt> Load(
        OrderingDatabase database,
        NpgsqlTransaction? transaction,
        OrderId id,
        CancellationToken stop
    )
    {
        var events = await database.Journal.ReadStream(Order.StreamOf(id), 0, transaction, stop);
        var order =
            Order.Fold(events.Select(OrderStream.Read))
            ?? throw new InvalidOperationException($"The order {id} has no events.");
        const string Sql =
            "select contact, payment_token, caller, method, path, key, trace_id from checkouts where order_id = $1";
        await using var find = (
            transaction is null
                ? database.Source.CreateCommand(Sql)
                : new NpgsqlCommand(Sql, transaction.Connection, transaction)
        ).With(id.Value);
        await using var row = await find.ExecuteReaderAsync(stop);
        if (!await row.ReadAsync(stop))
            throw new InvalidOperationException($"The order {id} has no checkout.");
        return new(
            order,
            row.Bytes(0) ?? [],
            row.Bytes(1) ?? [],
            new(row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), Request: []),
            row.GetString(6)
        );
    }

    /// <summary>The attempt that was submitted under a key.</summary>
    public static async Task<OrderId> Under(Work work, IdempotencyClaim claim, CancellationToken stop)
    {
        await using var find = work.Command(
            """
            select order_id from checkouts
            where caller = $1 and method = $2 and path = $3 and key = $4 order by order_id desc limit 1
            """,
            claim.Caller,
            claim.Method,
            claim.Path,
            claim.Key
        );
        return new(
            (Guid?)await find.ExecuteScalarAsync(stop)
                ?? throw new InvalidOperationException("A claimed key has neither an answer nor an attempt.")
        );
    }
}
