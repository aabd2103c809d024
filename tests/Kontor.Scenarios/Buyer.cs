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

    public static async Task<Buyer> Enter(RunningShop shop, string sku, int quantity)
    {
        var opened = await shop.Send(HttpMethod.Post, "/api/v1/carts", new { currency = "EUR" });
        Assert.True(opened.Status == 201, opened.Text);
        var buyer = new Buyer(
            shop,
            opened.Data.GetProperty("id").GetString()!,
            opened.Data.GetProperty("token").GetString()!
        );
        var line = await buyer.Send(HttpMethod.Post, $"/api/v1/carts/{buyer.Cart}/lines", new { sku, quantity });
        Assert.True(line.Status is 200 or 201, line.Text);
        var addressed = await buyer.Send(HttpMethod.Put, $"/api/v1/carts/{buyer.Cart}/addresses", Address);
        Assert.True(addressed.Status == 200, addressed.Text);
        return buyer;
    }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Answer> Pay(string payment, long total) =>
        Send(
            HttpMethod.Post,
            $"/api/v1/carts/{Cart}/checkout",
            new
            {
                expectedTotal = new { amount = total, currency = "EUR" },
                payment = new { provider = "sandbox", token = payment },
            },
            ("Idempotency-Key", Key)
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
