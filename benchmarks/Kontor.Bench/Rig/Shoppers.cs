using System.Collections.Concurrent;
using System.Text.Json;
using Kontor.Bench.Load;

namespace Kontor.Bench.Rig;

/// <summary>A guest's cart, ready to be paid.</summary>
sealed record ReadyCart(string Id, string Token, long Total)
{
    /// <summary>The checkout of this cart, under a key of its own.</summary>
    public byte[] Checkout() =>
        Ask.Send(
            "POST",
            $"/api/v1/carts/{Id}/checkout",
            JsonSerializer.Serialize(
                new
                {
                    expectedTotal = new { amount = Total, currency = Goods.Currency },
                    payment = new { provider = "sandbox", token = "tok_approve" },
                }
            ),
            ("Kontor-Cart-Token", Token),
            ("Idempotency-Key", $"bench-{Id}")
        );
}

/// <summary>Guests who fill carts through the public door.</summary>
static class Shoppers
{
    const int Connections = 8;

    const string Address = """
        {
          "email": "ada@example.com",
          "shipping": { "name": "Ada", "line1": "Koberg 1", "city": "Lübeck", "postalCode": "23552", "country": "DE" }
        }
        """;

    public static byte[] OpenCart() => Ask.Send("POST", "/api/v1/carts", $$"""{ "currency": "{{Goods.Currency}}" }""");

    public static byte[] AddLine(string cart, string token, int good, int quantity = 1) =>
        Ask.Send(
            "POST",
            $"/api/v1/carts/{cart}/lines",
            $$"""{ "sku": "{{Goods.Sku(good)}}", "quantity": {{quantity}} }""",
            ("Kontor-Cart-Token", token)
        );

    /// <summary>An empty cart: its id and the token that reaches it.</summary>
    public static async Task<(string Id, string Token)> Enter(HttpConnection connection, CancellationToken stop)
    {
        var opened = Shop.Data((await connection.Send(OpenCart(), stop)).Expect(201));
        return (opened.GetProperty("id").GetString()!, opened.GetProperty("token").GetString()!);
    }

    /// <summary>As many carts with these goods in them, addressed.</summary>
    /// <param name="pick">The goods of the nth cart.</param>
    public static async Task<ConcurrentQueue<ReadyCart>> Fill(
        Uri shop,
        int count,
        Func<int, int[]> pick,
        CancellationToken stop
    )
    {
        var carts = new ConcurrentQueue<ReadyCart>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => FillSome()));
        return carts;

        async Task FillSome()
        {
            using var connection = await HttpConnection.Open(shop, stop);
            for (int n; (n = Interlocked.Increment(ref next)) < count; )
                carts.Enqueue(await FillOne(connection, pick(n), stop));
        }
    }

    public static async Task<ReadyCart> FillOne(HttpConnection connection, int[] goods, CancellationToken stop)
    {
        var (id, token) = await Enter(connection, stop);
        foreach (var good in goods)
            (await connection.Send(AddLine(id, token, good), stop)).Expect(200);
        var address = Ask.Send("PUT", $"/api/v1/carts/{id}/addresses", Address, ("Kontor-Cart-Token", token));
        (await connection.Send(address, stop)).Expect(200);
        return new(id, token, goods.Sum(Goods.Price));
    }
}
