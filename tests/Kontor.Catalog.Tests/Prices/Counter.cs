using System.Text.Json;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>Whoever sets prices in these tests.</summary>
static class Counter
{
    public const string AllPrices = "/api/v1/prices";

    public static readonly DateTimeOffset Monday = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);

    extension(Shop shop)
    {
        public Caller Clerk => new(shop.Http) { Token = $"{Scopes.CatalogRead}+{Scopes.CatalogWrite}" };

        /// <summary>A variant with these base prices; answers its SKU, which is its product's slug too.</summary>
        public async Task<string> Sold(params (long Amount, string Currency)[] prices)
        {
            var sku = shop.Fresh("sold");
            var body = new
            {
                key = sku,
                title = sku,
                slug = sku,
                variants = new[]
                {
                    new
                    {
                        sku,
                        prices = prices.Select(price => new { amount = price.Amount, currency = price.Currency }),
                    },
                },
            };
            (await shop.Staff.Post("/api/v1/products", body)).Is(201);
            return sku;
        }

        public Task<Answer> Put(string path, object body, string? ifMatch = null) =>
            shop.Clerk.Send(HttpMethod.Put, path, Caller.Content(body), ("If-Match", ifMatch));

        public Task<Answer> Remove(string path, string? ifMatch) =>
            shop.Clerk.Send(HttpMethod.Delete, path, null, ("If-Match", ifMatch));

        public async Task Channels(params string[] keys)
        {
            foreach (var key in keys)
                (await shop.Put($"/api/v1/channels/{key}", new { title = key })).Is(201);
        }

        public async Task Groups(params string[] keys)
        {
            foreach (var key in keys)
                (await shop.Put($"/api/v1/customer-groups/{key}", new { title = key })).Is(201);
        }

        /// <summary>The prices shown of the one variant of a product.</summary>
        public async Task<IReadOnlyList<(long Amount, string Currency)>> Shown(string slug, string query = "")
        {
            var product = (await shop.Clerk.Get($"/api/v1/products/{slug}?{query}")).Is(200).Data;
            return Amounts(product.GetProperty("variants")[0].GetProperty("prices"));
        }
    }

    public static IReadOnlyList<(long Amount, string Currency)> Amounts(JsonElement prices) =>
        [
            .. prices
                .EnumerateArray()
                .Select(price => (price.GetProperty("amount").GetInt64(), price.GetProperty("currency").GetString()!)),
        ];

    public static object Eur(long amount) => new { amount, currency = "EUR" };

    public static string At(DateTimeOffset moment) => $"at={moment:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}";
}
