namespace Kontor.Scenarios;

/// <summary>A guest with a cart that is ready to be paid, who keeps the keys of what they ask for.</summary>
sealed class Buyer
{
    readonly RunningShop shop;

    Buyer(RunningShop shop, string cart, string token) => (this.shop, Cart, Token) = (shop, cart, token);

    public string Cart { get; }

    public string Token { get; }

    /// <summary>Of the checkout; the same at every try.</summary>
    public string Key { get; set; } =
        Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <param name="insists">Repeats every request, under its key, until it is answered.</param>
    public static async Task<Buyer> Enter(RunningShop shop, string sku, int quantity, bool insists = false)
    {
        async Task<Answer> Do(Func<(string, string), Task<Answer>> request)
        {
            var key = ("Idempotency-Key", NewKey());
            var answer = insists ? await Insisting(() => request(key)) : await request(key);
            Assert.True(answer.Status is 200 or 201, answer.Text);
            return answer;
        }

        var opened = await Do(key => shop.Send(HttpMethod.Post, "/api/v1/carts", new { currency = "EUR" }, key));
        var buyer = new Buyer(
            shop,
            opened.Data.GetProperty("id").GetString()!,
            opened.Data.GetProperty("token").GetString()!
        );
        var cart = $"/api/v1/carts/{buyer.Cart}";
        await Do(key => buyer.Send(HttpMethod.Post, $"{cart}/lines", new { sku, quantity }, key));
        await Do(key => buyer.Send(HttpMethod.Put, $"{cart}/addresses", Address, key));
        return buyer;
    }

    /// <summary>The same request again and again, until it is neither lost nor refused as our fault or still running.</summary>
    public Task<Answer> Insist(Func<Task<Answer>> request) => Insisting(request);

    public static async Task<Answer> Insisting(Func<Task<Answer>> request)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (true)
        {
            try
            {
                var answer = await request();
                Assert.NotEqual(500, answer.Status);
                if (answer.Status < 500 && answer.Code is not ("REQUEST_IN_PROGRESS" or "BUSY"))
                    return answer;
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
            {
                // The line broke, or the process died: asked again.
            }
            Assert.False(late.IsCancellationRequested, "It was never answered.");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public static string NewKey() =>
        new Guid(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)).ToString();

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    /// <param name="key">Of this checkout, where it is not the buyer's own.</param>
    public Task<Answer> Pay(string payment, long total, string? key = null) =>
        Send(
            HttpMethod.Post,
            $"/api/v1/carts/{Cart}/checkout",
            new
            {
                expectedTotal = new { amount = total, currency = "EUR" },
                payment = new { provider = "sandbox", token = payment },
            },
            ("Idempotency-Key", key ?? Key)
        );

    /// <summary>Pays and waits until the order is placed: on a slow machine the answer may be 202 before it is.</summary>
    public async Task<string> Buy(string payment, long total)
    {
        var answer = await Pay(payment, total);
        Assert.True(answer.Status is 201 or 202, answer.Text);
        var order = answer.Data.GetProperty("id").GetString()!;
        await IsPlaced(order);
        return order;
    }

    public Task IsPlaced(string order) =>
        Eventually.Holds(
            async () =>
                (await Insist(() => Get($"/api/v1/orders/{order}"))).Data.GetProperty("status").GetString() == "placed",
            $"{order} is placed"
        );

    public Task<Answer> Send(HttpMethod method, string path, object? body, params (string, string)[] headers) =>
        shop.Send(method, path, body, [("Kontor-Cart-Token", Token), .. headers]);

    static object Address =>
        new
        {
            email = "ada@example.com",
            shipping = new
            {
                name = "Ada",
                line1 = "Koberg 1",
                city = "Lübeck",
                postalCode = "23552",
                country = "DE",
            },
        };
}
