using Kontor.Catalog.Tests.Inventory;
using Kontor.Catalog.Tests.Prices;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.Search.Agreement;

/// <summary>Somebody who changes a catalogue at random through the API, as people and importers do.</summary>
sealed class RandomShop(Shop shop, Random random)
{
    public static readonly string[] Words = ["w1a", "w2b", "w3c", "w4d", "w5e", "w6f"];
    public static readonly string[] Colours = ["red", "green", "blue"];
    public static readonly string[] Sizes = ["s", "m", "l"];
    public static readonly string[] Channels = ["web", "till"];
    public static readonly string[] Groups = ["b2b", "club"];
    public static readonly string[] Countries = ["SE", "DE"];
    public static readonly string[] Currencies = ["EUR", "SEK"];

    readonly List<string> products = [];
    readonly List<string> skus = [];
    readonly List<string> categories = [];
    readonly List<string> prices = [];
    string loud = "";
    string other = "";
    string place = "";
    bool isLabelled;

    public IReadOnlyList<string> Categories => categories;

    public string Loud => loud;

    /// <summary>Whether labels are counted: the type says so after it was changed.</summary>
    public bool IsLabelled => isLabelled;

    public async Task Open()
    {
        loud = await shop.NewType(Loudly(""));
        // Another type means a number by the colour.
        other = await shop.NewType("""{"key":"colour","kind":"number","index":["filter","facet"]}""");
        await shop.Channels(Channels);
        await shop.Groups(Groups);
        place = await shop.Location();
        for (var i = 0; i < 6; i++)
            await AddCategory(i < 2 ? null : categories[random.Next(i)]);
        await List(5, null);
    }

    static string Loudly(string labelled) =>
        $$"""
            {"key":"colour","kind":"enum","values":["red","green","blue"],"index":["facet"]},
            {"key":"heft","kind":"number","index":["filter","facet","sort"]},
            {"key":"label","kind":"text","maxLength":50,"index":["sort"{{labelled}}]},
            {"key":"sold","kind":"boolean","index":["filter"]},
            {"key":"size","kind":"enum","level":"variant","values":["s","m","l"],"index":["facet"]}
            """;

    /// <summary>One change, whatever it is.</summary>
    public Task Change() =>
        random.Next(20) switch
        {
            < 7 => Create(),
            < 9 => Patch(new { title = Title(), description = Title() }),
            < 10 => Patch(new { categories = Some(categories) }),
            < 11 => Patch(new { publication = Publication() }),
            < 12 => Patch(new { attributes = new { heft = random.Next(50) } }),
            < 13 => Delete(),
            < 16 => SetPrice(),
            < 17 => RemovePrice(),
            < 18 => Count(),
            < 19 => Move(),
            _ => Rare(),
        };

    Task Rare() =>
        random.Next(4) switch
        {
            0 => ChangeType(),
            1 => List(random.Next(1, 9), random.Next(2) == 0 ? null : Pick(Channels)),
            2 => Location(),
            _ => Order(),
        };

    async Task AddCategory(string? parent)
    {
        var key = shop.Fresh("cat");
        (
            await shop.Staff.Post(
                "/api/v1/categories",
                new
                {
                    key,
                    title = key,
                    parent,
                }
            )
        ).Is(201);
        categories.Add(key);
    }

    async Task Create()
    {
        var key = shop.Fresh("any");
        var isLoud = random.Next(4) > 0;
        var variants = Enumerable
            .Range(0, 1 + random.Next(3))
            .Select(n => new
            {
                sku = $"{key}-{n}",
                stock = (long?)random.Next(2),
                prices = Currencies
                    .Where(_ => random.Next(3) > 0)
                    .Select(currency => new { amount = 100L * random.Next(1, 50), currency }),
                attributes = isLoud && random.Next(4) > 0
                    ? new Dictionary<string, object> { ["size"] = Pick(Sizes) }
                    : [],
            })
            .ToList();
        var body = new
        {
            key,
            type = isLoud ? loud : other,
            title = Title(),
            description = Title(),
            categories = Some(categories),
            publication = Publication(),
            attributes = isLoud ? LoudAttributes() : new() { ["colour"] = random.Next(9) },
            variants,
        };
        (await shop.Staff.Post("/api/v1/products", body)).Is(201);
        products.Add(key);
        skus.AddRange(variants.Select(variant => variant.sku));
    }

    Dictionary<string, object> LoudAttributes()
    {
        var attributes = new Dictionary<string, object>();
        if (random.Next(4) > 0)
            attributes["colour"] = Pick(Colours);
        if (random.Next(4) > 0)
            attributes["heft"] = random.Next(50);
        if (random.Next(4) > 0)
            attributes["label"] = $"{(random.Next(2) == 0 ? 'L' : 'l')}abel {random.Next(6)}";
        if (random.Next(4) > 0)
            attributes["sold"] = random.Next(2) == 0;
        return attributes;
    }

    object Publication() =>
        random.Next(8) switch
        {
            0 => new { state = "draft" },
            1 => new
            {
                state = "published",
                until = (DateTimeOffset?)new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            },
            2 => new
            {
                state = "published",
                from = (DateTimeOffset?)new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero),
            },
            3 or 4 => new { state = "published", channels = new[] { Pick(Channels) } },
            _ => new { state = "published", channels = Array.Empty<string>() },
        };

    async Task Patch(object change)
    {
        if (await IdOf() is not { } id)
            return;
        var answer = await shop.Staff.Patch($"/api/v1/products/{id}", change, "*");
        // Products of the other type have no such attribute, and those that are deleted are not changed.
        Assert.True(answer.Status is 200 or 400 or 404 or 409 or 410, answer.Text);
    }

    async Task Delete()
    {
        if (await IdOf() is not { } id)
            return;
        if (random.Next(2) == 0)
            Assert.InRange((await shop.Remove($"/api/v1/products/{id}", "*")).Status, 200, 410);
        else
            Assert.InRange(
                (
                    await shop.Staff.Send(HttpMethod.Post, $"/api/v1/products/{id}/restore", null, ("If-Match", "*"))
                ).Status,
                200,
                410
            );
    }

    async Task SetPrice()
    {
        if (skus.Count == 0)
            return;
        var isNew = prices.Count == 0 || random.Next(3) > 0;
        var key = isNew ? shop.Fresh("price") : Pick(prices);
        var body = new
        {
            sku = Pick(skus),
            price = new { amount = 100L * random.Next(1, 50), currency = Pick(Currencies) },
            country = Maybe(Countries),
            channel = Maybe(Channels),
            customerGroup = Maybe(Groups),
            priceList = random.Next(3) == 0 ? "list-5" : null,
            minQuantity = random.Next(6) == 0 ? 5 : 1,
            validFrom = random.Next(6) == 0 ? Counter.Monday : (DateTimeOffset?)null,
            validUntil = random.Next(6) == 0 ? Counter.Monday.AddYears(20) : (DateTimeOffset?)null,
        };
        var answer = await shop.Put($"/api/v1/prices/{key}", body, isNew ? null : "*");
        Assert.True(answer.Status is 200 or 201 or 409 or 412 or 422, answer.Text);
        if (answer.Status == 201)
            prices.Add(key);
    }

    async Task RemovePrice()
    {
        if (prices.Count == 0)
            return;
        var key = Pick(prices);
        prices.Remove(key);
        (await shop.Remove($"/api/v1/prices/{key}", "*")).Is(200);
    }

    Task Count() => skus.Count == 0 ? Task.CompletedTask : shop.Count(place, Pick(skus), random.Next(3), force: true);

    async Task Move()
    {
        var answer = await shop.Staff.Patch(
            $"/api/v1/categories/{Pick(categories)}",
            $$"""{"parent":{{(random.Next(4) == 0 ? "null" : $"\"{Pick(categories)}\"")}}}""",
            "*"
        );
        // Into itself or below itself nothing moves.
        Assert.True(answer.Status is 200 or 400 or 409 or 422, answer.Text);
    }

    async Task ChangeType()
    {
        isLabelled = !isLabelled;
        (await shop.ChangeType(loud, Loudly(isLabelled ? ",\"facet\"" : ""))).Is(200);
    }

    async Task List(int priority, string? channel)
    {
        var body = new
        {
            title = "A list",
            priority,
            channel,
        };
        var known = await shop.Clerk.Get("/api/v1/price-lists/list-5");
        var answer = await shop.Put("/api/v1/price-lists/list-5", body, known.Status == 200 ? "*" : null);
        Assert.True(answer.Status is 200 or 201, answer.Text);
    }

    async Task Location() =>
        (
            await shop.Staff.Patch(
                $"/api/v1/locations/{place}",
                new { active = random.Next(2) == 0 },
                (await shop.Reader.Get($"/api/v1/locations/{place}")).Tag
            )
        ).Is(200);

    async Task Order()
    {
        var category = Pick(categories);
        var here = (await shop.Clerk.Get($"/api/v1/products?limit=10&view=staff&category={category}"))
            .Is(200)
            .Data.EnumerateArray()
            .Select(product => product.GetProperty("id").GetString()!)
            .OrderBy(_ => random.Next())
            .Take(4);
        (await shop.Put($"/api/v1/categories/{category}/products/order", new { products = here }, "*")).Is(200);
    }

    async Task<string?> IdOf()
    {
        if (products.Count == 0)
            return null;
        var key = Pick(products);
        return (await shop.Query<Guid>("select id from products where key = $1", key)).ToString();
    }

    string Title() => string.Join(' ', Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Pick(Words)));

    string[] Some(List<string> from) => [.. from.Where(_ => random.Next(4) == 0)];

    public string? Maybe(IReadOnlyList<string> from) => random.Next(2) == 0 ? null : Pick(from);

    public string Pick(IReadOnlyList<string> from) => from[random.Next(from.Count)];
}
