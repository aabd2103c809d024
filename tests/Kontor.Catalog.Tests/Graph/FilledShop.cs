using Kontor.Catalog.Tests.Prices;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.Graph;

/// <summary>Goods that have everything that can be read of goods.</summary>
static class FilledShop
{
    /// <summary>So many products of a type in a category below another, each with two variants, a price for Sweden, stock and
    /// a picture; the key of the category.</summary>
    public static async Task<string> Filled(this Shop shop, int products)
    {
        var type = await shop.NewType("""{"key":"size","kind":"number","level":"variant"}""");
        var (top, category, list) = (shop.Fresh("top"), shop.Fresh("filled"), shop.Fresh("list"));
        (await shop.Staff.Post("/api/v1/categories", new { key = top, title = "Top" })).Is(201);
        (
            await shop.Staff.Post(
                "/api/v1/categories",
                new
                {
                    key = category,
                    title = "Filled",
                    parent = top,
                }
            )
        ).Is(201);
        await shop.Channels(shop.Fresh("channel"));
        await shop.Groups(shop.Fresh("group"));
        var priority = await shop.Query<int>("select coalesce(max(priority), 0) + 1 from price_lists");
        (await shop.Put($"/api/v1/price-lists/{list}", new { title = "List", priority })).Is(201);
        for (var i = 0; i < products; i++)
        {
            var key = shop.Fresh("filled");
            var variants = new[] { 1, 2 }.Select(n => new
            {
                sku = $"{key}-{n}",
                stock = 5,
                prices = new[] { new { amount = 100, currency = "EUR" } },
                attributes = new { size = n },
            });
            var body = new
            {
                key,
                type,
                title = key,
                slug = key,
                categories = new[] { category },
                variants,
            };
            (await shop.Staff.Post("/api/v1/products", body)).Is(201);
            var price = new
            {
                sku = $"{key}-1",
                price = new { amount = 7, currency = "EUR" },
                country = "SE",
                minQuantity = 5,
                priceList = list,
            };
            (await shop.Put($"/api/v1/prices/{key}", price)).Is(201);
        }
        await shop.Query<long>(
            """
            with shown as (
                select p.id, p.key from products p join product_categories c on c.product = p.id
                join categories k on k.id = c.category where k.key = $1
            ), made as (
                insert into media (key, file, digest, width, height, widths, alt, version, created_at, updated_at)
                select key, gen_random_uuid(), sha256(key::bytea), 700, 350, '{320,640,700}', 'A thing', 1, now(), now()
                from shown returning key
            ), put as (
                insert into product_media (product, media, position) select id, key, 1 from shown returning 1
            ) select (select count(*) from made) + (select count(*) from put)
            """,
            category
        );
        return category;
    }
}
