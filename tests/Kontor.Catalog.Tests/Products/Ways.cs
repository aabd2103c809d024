using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Tests.Products;

sealed record Shown(string Id, string Key, string Slug, string Sku);

/// <summary>Every way in which somebody who is not of the staff may come upon a product.</summary>
sealed class Ways(Shop shop, Caller checkout, Shown product)
{
    public static readonly IReadOnlyList<string> All =
    [
        "availability",
        "graph id",
        "graph list",
        "graph slug",
        "id",
        "list",
        "offers",
        "reserve",
        "search sku",
        "search title",
        "slug",
    ];

    /// <summary>Those that lead to it.</summary>
    public async Task<IReadOnlyList<string>> Open(string? channel)
    {
        var (query, more) = channel is null ? ("", "") : ($"?channel={channel}", $"&channel={channel}");
        var argument = channel is null ? "" : $", channel: \"{channel}\"";
        var title = $"Title{product.Key.Replace("-", "", StringComparison.Ordinal)}";
        var open = new Dictionary<string, bool>(StringComparer.Ordinal)
        {
            ["id"] = Is(await shop.Stranger.Get($"/api/v1/products/{product.Id}{query}")),
            ["slug"] = Is(await shop.Stranger.Get($"/api/v1/products/{product.Slug}{query}")),
            ["list"] = Has(await shop.Stranger.Get($"/api/v1/products?limit=1&after={Before}{more}")),
            ["search title"] = Has(await shop.Stranger.Get($"/api/v1/search?q={title}{more}")),
            ["search sku"] = Has(await shop.Stranger.Get($"/api/v1/search?q={product.Sku}{more}")),
            ["availability"] = Is(await shop.Stranger.Get($"/api/v1/variants/{product.Sku}/availability{query}")),
            ["graph id"] = Has(await Graph($"{{ product(id: \"{product.Id}\"{argument}) {{ id }} }}")),
            ["graph slug"] = Has(await Graph($"{{ product(slug: \"{product.Slug}\"{argument}) {{ id }} }}")),
            ["graph list"] = Has(
                await Graph($"{{ products(first: 1, after: \"{Before}\"{argument}) {{ nodes {{ id }} }} }}")
            ),
            ["offers"] = Has(
                await checkout.Post(
                    "/api/v1/offers",
                    new
                    {
                        skus = new[] { product.Sku },
                        currency = "EUR",
                        channel,
                    }
                )
            ),
            ["reserve"] =
                (
                    await checkout.Put(
                        $"/api/v1/reservations/{Id<Answer>.New(TimeProvider.System).Value}",
                        new { lines = new[] { new { sku = product.Sku, quantity = 1 } } }
                    )
                ).Status == 200,
        };
        return [.. open.Where(way => way.Value).Select(way => way.Key).Order(StringComparer.Ordinal)];
    }

    static bool Is(Answer answer)
    {
        if (answer.Status != 404)
            answer.Is(200);
        return answer.Status == 200;
    }

    bool Has(Answer answer) =>
        answer.Is(200).Text.Contains(product.Id, StringComparison.Ordinal)
        && !answer.Text.Contains("\"errors\"", StringComparison.Ordinal);

    /// <summary>The cursor after which it comes: ids of one millisecond differ in their tails.</summary>
    string Before => Cursor.Write($"{product.Id[..24]}000000000000");

    Task<Answer> Graph(string query) => shop.Stranger.Post("/graphql", new { query });
}
