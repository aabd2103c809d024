using Kontor.Catalog.Tests.Stock;

namespace Kontor.Catalog.Tests.Bundles;

/// <summary>The words that tests of bundles share.</summary>
static class Kits
{
    public static string Path(string sku) => $"/api/v1/variants/{sku}/components";

    public static object Body(params (string Sku, int Quantity)[] components) =>
        new { components = components.Select(c => new { sku = c.Sku, quantity = c.Quantity }) };

    extension(Shop shop)
    {
        /// <summary>A variant that nobody has counted.</summary>
        public async Task<string> Uncounted()
        {
            var key = shop.Fresh("kit");
            await shop.NewProduct(key);
            return $"SKU-{key}";
        }

        public async Task<string> Bundle(params (string Sku, int Quantity)[] components)
        {
            var sku = await shop.Uncounted();
            (await shop.Components(sku, components)).Is(201);
            return sku;
        }

        public Task<Answer> Components(string sku, params (string Sku, int Quantity)[] components) =>
            shop.Staff.Put(Path(sku), Body(components));

        public Task<Answer> Recompose(string sku, string? tag, params (string Sku, int Quantity)[] components) =>
            shop.Staff.Send(HttpMethod.Put, Path(sku), Caller.Content(Body(components)), ("If-Match", tag));

        public Task<Answer> Decompose(string sku, string? tag) =>
            shop.Staff.Send(HttpMethod.Delete, Path(sku), null, ("If-Match", tag));

        public async Task Publish(string sku, string state)
        {
            var product = await shop.Query<Guid>("select product from variants where sku = $1", sku);
            (
                await shop.Staff.Patch($"/api/v1/products/{product}", new { publication = new { state } }, ifMatch: "*")
            ).Is(200);
        }

        /// <summary>The variant as everybody sees it in its product.</summary>
        public async Task<Answer> ProductOf(string sku) =>
            await shop.Stranger.Get(
                $"/api/v1/products/{await shop.Query<Guid>("select product from variants where sku = $1", sku)}"
            );

        public async Task<long> OnShelf(params string[] skus)
        {
            var sum = 0L;
            foreach (var sku in skus)
                sum += await shop.Reserved(sku);
            return sum;
        }
    }
}
