using System.Text.Json;
using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>The same pages of twenty products over GraphQL, three levels deep, and over REST.</summary>
sealed class AskGraph : IScenario
{
    const int Connections = 16;
    const int Pages = 50;
    const double Wanted = 0.25;
    const string Rest = "/api/v1/products?limit=20";

    /// <summary>What REST shows in a list.</summary>
    const string Query =
        "query Page($after: String) { products(first: 20, after: $after) { nodes { id key type title slug description categories "
        + "version variantCount variants { sku availability prices { amount currency } compareAt { amount currency } attributes "
        + "{ key value } } media { key width height alt files { width url } } } pageInfo { endCursor } } }";

    public string Name => "graphql";

    public string About => "a page of 20 products over GraphQL, 3 levels deep, against the same over REST";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var (shop, shape) = (await bench.Shop(), bench.Of(Connections));
        var cursors = await Cursors(shop, stop);
        var posts = cursors.Select(after => Post(after, Query)).ToArray();
        // Ever another document: neither parsed nor validated before.
        var count = 0;
        byte[] Unknown(Random random) =>
            Post(cursors[random.Next(cursors.Count)], $"{Query} #{Interlocked.Increment(ref count)}");
        var rest = cursors.Select(after => Ask.Get(PathOf(after))).ToArray();
        await Same(shop, posts[1], rest[1], stop);

        var graph = await Visits.Run(shop.Url, shape, shop.Clocks, random => posts[random.Next(posts.Length)], stop);
        var unknown = await Visits.Run(shop.Url, shape, shop.Clocks, Unknown, stop);
        var plain = await Visits.Run(shop.Url, shape, shop.Clocks, random => rest[random.Next(rest.Length)], stop);
        var limit = new Limit("the same over REST", plain);
        return
        [
            new(Name, $"page of 20, {Connections} connections", graph)
            {
                Limits = [limit],
                Goals = [Goal.AtLeast("of REST", graph.Value / plain.Value, Wanted)],
            },
            new(Name, "each document new to it", unknown) { Limits = [limit] },
        ];
    }

    static string PathOf(string? after) => after is null ? Rest : $"{Rest}&after={Uri.EscapeDataString(after)}";

    static byte[] Post(string? after, string query) =>
        Ask.Send(
            "POST",
            "/graphql",
            JsonSerializer.Serialize(
                new
                {
                    query,
                    operationName = "Page",
                    variables = new { after },
                }
            )
        );

    /// <summary>Where the first pages begin, found by walking from each to the next.</summary>
    static async Task<IReadOnlyList<string?>> Cursors(Shop shop, CancellationToken stop)
    {
        var cursors = new List<string?> { null };
        while (cursors.Count < Pages)
        {
            using var page = JsonDocument.Parse(await shop.Answer(PathOf(cursors[^1]), stop));
            cursors.Add(page.RootElement.GetProperty("meta").GetProperty("next").GetString()!);
        }
        return cursors;
    }

    /// <summary>Breaks where the two do not show the same goods.</summary>
    static async Task Same(Shop shop, byte[] post, byte[] get, CancellationToken stop)
    {
        using var connection = await HttpConnection.Open(shop.Url, stop);
        // One after the other: the bytes of an answer lie where those of the next will.
        var shown = Skus(
            Shop.Data((await connection.Send(post, stop)).Expect(200)).GetProperty("products").GetProperty("nodes")
        );
        if (shown.Length == 0 || shown != Skus(Shop.Data((await connection.Send(get, stop)).Expect(200))))
            throw new InvalidOperationException("GraphQL and REST show different goods.");
        static string Skus(JsonElement nodes) =>
            string.Join(
                ',',
                nodes
                    .EnumerateArray()
                    .SelectMany(node => node.GetProperty("variants").EnumerateArray())
                    .Select(variant =>
                        $"{variant.GetProperty("sku")}={variant.GetProperty("prices")[0].GetProperty("amount")}"
                    )
            );
    }
}
