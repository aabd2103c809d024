using Kontor.Catalog.Tests.Prices;

namespace Kontor.Catalog.Tests.Search.Agreement;

/// <summary>Whatever is written, the index finds, counts and sorts what a look at every product finds, counts and sorts.</summary>
public sealed class AgreementTests(Shop shop) : IClassFixture<Shop>
{
    const int Rounds = 12;
    const int Changes = 25;
    const int Queries = 15;

    [Fact, Trait("Kind", "slow")]
    public async Task Search_agrees_with_a_look_at_every_product()
    {
        var seed = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
        var random = new Random(seed);
        var goods = new RandomShop(shop, random);
        await goods.Open();
        var (hits, counted) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Changes; i++)
                await goods.Change();
            for (var i = 0; i < Queries; i++)
            {
                var (found, values) = await Agrees(goods, random, seed);
                (hits, counted) = (hits + found, counted + values);
            }
        }
        // A catalogue in which nothing is found would agree with everything.
        Assert.True(hits > 100 && counted > 100, $"seed {seed}: {hits} hits, {counted} values");
    }

    async Task<(int Hits, int Values)> Agrees(RandomShop goods, Random random, int seed)
    {
        var currency = goods.Pick(RandomShop.Currencies);
        var context =
            $"&currency={currency}{Part("country", goods.Maybe(RandomShop.Countries))}"
            + $"{Part("channel", goods.Maybe(RandomShop.Channels))}{Part("customerGroup", goods.Maybe(RandomShop.Groups))}";
        List<string> words = random.Next(2) == 0 ? [] : [goods.Pick(RandomShop.Words)];
        if (words.Count > 0 && random.Next(2) == 0)
            words.Add(goods.Pick(RandomShop.Words));
        var all = await BruteForce.All(shop, context, currency);
        // Where nothing has both, what has one of them is found; that is the index's own test.
        if (words.Count > 1 && BruteForce.Find(all, words, []).Count == 0)
            words.RemoveAt(1);
        var category = random.Next(3) == 0 ? goods.Pick(goods.Categories) : null;
        var conditions = Conditions(goods, random);
        var facets = new[] { "colour", "size", "category", "type", "availability" };
        var (sort, unavailable) = (
            Sort(random, words.Count == 0 ? category : null),
            goods.Pick(["last", "hide", "mixed"])
        );

        var path =
            $"/api/v1/search?limit=7{context}&sort={sort}&unavailable={unavailable}{Part("category", category)}"
            + (words.Count == 0 ? "" : $"&q={string.Join('+', words)}")
            + string.Concat(conditions.SelectMany(one => one.Written).Select(written => $"&{written}"))
            + string.Concat(facets.Select(facet => $"&facet={facet}"));
        var told = $"seed {seed}: {path}";

        List<Condition> within = category is null ? [] : [new("category", [category], null, false)];
        if (unavailable == "hide")
            within.Add(new("availability", ["inStock", "preorder", "backorder"], null, false));
        all = [.. BruteForce.Find(all, [], within).Select(one => one.Product with { Rows = one.Rows })];
        var expected = BruteForce.InOrder(
            BruteForce.Find(all, words, conditions),
            sort,
            unavailable == "last",
            category is null ? [] : await Placed(category)
        );

        var (found, first) = await Pages(path);
        Assert.True(
            expected.SequenceEqual(found),
            $"{told}\nexpected {string.Join(", ", expected)}\nfound    {string.Join(", ", found)}"
        );
        Assert.Equal(expected.Count, first.Json.GetProperty("meta").GetProperty("total").GetInt32());
        var values = 0;
        foreach (var facet in first.Json.GetProperty("meta").GetProperty("facets").EnumerateArray())
        {
            var counts = facet
                .GetProperty("values")
                .EnumerateArray()
                .ToDictionary(
                    value => value.GetProperty("value").GetString()!,
                    value => value.GetProperty("products").GetInt32()
                );
            var field = facet.GetProperty("field").GetString()!;
            var right = BruteForce.Count(all, words, conditions, field);
            Assert.True(
                right.Count == counts.Count && right.All(one => counts.GetValueOrDefault(one.Key) == one.Value),
                $"{told}\n{field}: expected {string.Join(", ", right)}, found {string.Join(", ", counts)}"
            );
            values += counts.Count;
        }
        return (found.Count, values);
    }

    async Task<(List<Guid> Found, Answer First)> Pages(string path)
    {
        var found = new List<Guid>();
        Answer? first = null;
        for (string? after = ""; after is not null; )
        {
            var page = (await shop.Clerk.Get(path + after)).Is(200);
            first ??= page;
            found.AddRange(page.Data.EnumerateArray().Select(product => product.GetProperty("id").GetGuid()));
            after = page.Next is { } next ? $"&after={next}" : null;
        }
        return (found, first!);
    }

    async Task<IReadOnlyList<Guid>> Placed(string category) =>
        [
            .. (await shop.Clerk.Get($"/api/v1/categories/{category}/products/order"))
                .Is(200)
                .Data.EnumerateArray()
                .Select(product => product.GetProperty("id").GetGuid()),
        ];

    static string Sort(Random random, string? category) =>
        random.Next(7) switch
        {
            0 => "price",
            1 => "-price",
            2 => "heft",
            3 => "-heft",
            4 => "label",
            5 when category is not null => "position",
            _ => "newest",
        };

    static List<Condition> Conditions(RandomShop goods, Random random)
    {
        var conditions = new List<Condition>();
        void Add(string field, IReadOnlyList<string> from)
        {
            if (random.Next(4) == 0)
                conditions.Add(
                    new(
                        field,
                        [.. from.OrderBy(_ => random.Next()).Take(1 + random.Next(2))],
                        null,
                        random.Next(4) == 0
                    )
                );
        }
        Add("colour", RandomShop.Colours);
        Add("size", RandomShop.Sizes);
        Add("sold", ["true", "false"]);
        Add("category", goods.Categories);
        Add("availability", ["inStock", "outOfStock"]);
        if (goods.IsLabelled)
            Add("label", ["label 1", "Label 1", "label 2", "Label 3"]);
        if (random.Next(4) == 0)
            conditions.Add(
                new("price", [], (100.0 * random.Next(20), 100.0 * random.Next(20, 60)), random.Next(4) == 0)
            );
        if (random.Next(4) == 0)
            conditions.Add(new(goods.Pick(["heft", "colour"]), [], (random.Next(10), random.Next(10, 60)), false));
        return [.. conditions.DistinctBy(one => (one.Field, one.IsNot))];
    }

    static string Part(string name, string? value) => value is null ? "" : $"&{name}={value}";
}
