using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Inventory;

/// <summary>The words that tests of who works in a warehouse share.</summary>
static class Warehouse
{
    public const string Counts = "/api/v1/stock/counts";
    public const string Adjustments = "/api/v1/stock/adjustments";
    public const string Terms = "/api/v1/stock/terms";
    public const string Deliveries = "/api/v1/deliveries";
    public const string Locations = "/api/v1/locations";

    extension(Shop shop)
    {
        public Caller Reader => new(shop.Http) { Token = Scopes.CatalogRead };

        public async Task<string> Location(int priority = 100, bool active = true)
        {
            var key = shop.Fresh("place");
            (
                await shop.Staff.Post(
                    Locations,
                    new
                    {
                        key,
                        title = key,
                        priority,
                        active,
                    }
                )
            ).Is(201);
            return key;
        }

        /// <summary>A write under a key of its own, as its endpoint wants.</summary>
        public Task<Answer> Enter(string path, object body, string? key = null) =>
            shop.Staff.Post(path, body, key ?? shop.Fresh("entry"));

        public Task<Answer> Count(string location, string sku, long quantity, long? seen = null, bool force = false) =>
            shop.Enter(
                Counts,
                new
                {
                    location,
                    force,
                    lines = new[]
                    {
                        new
                        {
                            sku,
                            quantity,
                            seen,
                        },
                    },
                }
            );

        public Task<Answer> Adjust(string location, string sku, long delta, string reason = "correction") =>
            shop.Enter(
                Adjustments,
                new
                {
                    location,
                    reason,
                    lines = new[] { new { sku, delta } },
                }
            );

        public Task<Answer> SetTerms(
            string location,
            string sku,
            long backorderLimit = 0,
            long safetyStock = 0,
            object? preorder = null
        ) =>
            shop.Enter(
                Terms,
                new
                {
                    location,
                    lines = new[]
                    {
                        new
                        {
                            sku,
                            backorderLimit,
                            safetyStock,
                            preorder,
                        },
                    },
                }
            );

        public Task<Answer> Deliver(string key, string to, string? from, params (string Sku, long Quantity)[] lines) =>
            shop.Enter(
                Deliveries,
                new
                {
                    key,
                    to,
                    from,
                    lines = lines.Select(line => new { sku = line.Sku, quantity = line.Quantity }),
                }
            );

        /// <summary>On hand, reserved and incoming.</summary>
        public async Task<(long OnHand, long Reserved, long Incoming)> Level(string sku, string location = "main")
        {
            var found = (await shop.Reader.Get($"/api/v1/stock?sku={sku}&location={location}")).Is(200).Data;
            return found.GetArrayLength() == 0
                ? default
                : (
                    found[0].GetProperty("onHand").GetInt64(),
                    found[0].GetProperty("reserved").GetInt64(),
                    found[0].GetProperty("incoming").GetInt64()
                );
        }

        /// <summary>Kinds and deltas, oldest first.</summary>
        public async Task<string[]> Movements(string sku) =>
            [
                .. (await shop.Reader.Get($"/api/v1/stock/movements?sku={sku}"))
                    .Is(200)
                    .Data.EnumerateArray()
                    .Reverse()
                    .Select(m =>
                        $"{m.GetProperty("kind")} {m.GetProperty("onHand")}/{m.GetProperty("incoming")} {m.GetProperty("location")} by {m.GetProperty("actor")}"
                    ),
            ];

        public async Task<string> Availability(string sku) =>
            (await shop.Stranger.Get($"/api/v1/variants/{sku}/availability")).Is(200).Value("availability");
    }
}
