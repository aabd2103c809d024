using System.Diagnostics;
using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Catalog.ProductTypes;
using Kontor.Platform.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>A migration of many products by the job itself, while readers and writers go on.</summary>
public sealed class MigrationLoadTests(Shop shop, ITestOutputHelper output) : IClassFixture<Shop>
{
    const string Old = """
        {"key":"color","kind":"text"},{"key":"weight","kind":"text"},{"key":"brand","kind":"text"},{"key":"junk","kind":"text"},
        {"key":"code","kind":"text","maxLength":20,"unique":true},{"key":"size","kind":"text","level":"variant"}
        """;
    const string New = """
        {"key":"colour","kind":"text"},{"key":"weight","kind":"number"},{"key":"brand","kind":"text","required":true},
        {"key":"code","kind":"number","unique":true},{"key":"fits","kind":"localisedText","level":"variant"}
        """;
    const string Steps = """
        {"do":"rename","attribute":"color","to":"colour"},
        {"do":"retype","attribute":"weight","conversion":"textToNumber","onError":"drop"},
        {"do":"retype","attribute":"code","conversion":"textToNumber"},
        {"do":"default","attribute":"brand","value":"none"},{"do":"drop","attribute":"junk"},
        {"do":"rename","attribute":"size","to":"fits"},
        {"do":"retype","attribute":"fits","conversion":"textToLocalisedText","argument":"en"}
        """;

    [Fact]
    [Trait("Kind", "slow")]
    public Task Some_thousands_change_under_readers_and_writers() => Migrate(3_000);

    [Fact]
    [Trait("Kind", "long")]
    public Task A_hundred_thousand_change_under_readers_and_writers() => Migrate(100_000);

    async Task Migrate(int count)
    {
        var type = await shop.NewType(Old);
        await Fill(type, count);
        await shop.Analyze("products");
        using var end = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        List<long>[] pages =
        [
            [],
            [],
        ];
        Task[] going = [.. pages.Select(mine => Read(type, mine, end.Token)), Write(type, end.Token)];

        // What is compatible is applied at once, by the same path.
        (await shop.ChangeType(type, $$"""{{Old}},{"key":"note","kind":"text","maxLength":50}""")).Is(200);
        (await shop.ChangeType(type, Old)).Is(200);
        await AllHaveRead(3, pages, going);
        var asked = watch.Elapsed;
        (await shop.ChangeType(type, New, Steps)).Is(202);
        output.WriteLine($"{count} products: judged and started in {watch.Elapsed - asked}");
        while (await shop.Query<bool>("select exists (select from product_type_migrations where ended_at is null)"))
        {
            Assert.False(Array.Exists(going, task => task.IsCompleted), "A reader or writer has ended.");
            await Task.Delay(100);
        }
        output.WriteLine($"ended after {watch.Elapsed - asked}, {pages.Sum(mine => mine.Count)} pages read");
        await AllHaveRead(4, pages, going);
        await end.CancelAsync();
        await Task.WhenAll(going);

        Assert.Equal(
            "done",
            await shop.Query<string>("select state from product_type_migrations where type = $1", type)
        );
        Assert.Equal(
            await shop.Query<long>("select count(*) from products where type = $1", type),
            await shop.Query<long>(
                "select count(*) from products where type = $1 and attributes ? 'colour' and not attributes ? 'color' and attributes_next is null",
                type
            )
        );
        await shop.IsWhole();
    }

    /// <summary>Waits until every reader has had a page of a version.</summary>
    static async Task AllHaveRead(long version, List<long>[] pages, Task[] going)
    {
        while (!Array.TrueForAll(pages, Has))
        {
            Assert.False(Array.Exists(going, task => task.IsCompleted), "A reader or writer has ended.");
            await Task.Delay(20);
        }

        bool Has(List<long> mine)
        {
            lock (mine)
                return mine.Contains(version);
        }
    }

    /// <summary>Takes a hundred products in one answer, here and there, and holds them against one version.</summary>
    async Task Read(string type, List<long> versions, CancellationToken end)
    {
        string? after = null;
        while (!end.IsCancellationRequested)
        {
            var page = (
                await shop.Stranger.Get($"{Types.Products}?limit=100{(after is null ? "" : $"&after={after}")}")
            ).Is(200);
            var mine = page
                .Data.EnumerateArray()
                .Where(product => product.GetProperty("type").GetString() == type)
                .ToList();
            if (mine.Count > 0)
            {
                var version = Assert.Single(
                    mine.Select(product => product.GetProperty("typeVersion").GetInt64()).Distinct()
                );
                Assert.All(mine, product => IsOf(version, product));
                lock (versions)
                    versions.Add(version);
            }
            after = page.Next;
        }
    }

    static void IsOf(long version, JsonElement product)
    {
        var isNew = version == 4;
        var attributes = product.GetProperty("attributes");
        Assert.Equal(isNew, attributes.TryGetProperty("colour", out _));
        Assert.Equal(!isNew, attributes.TryGetProperty("color", out _));
        Assert.Equal(isNew ? JsonValueKind.Number : JsonValueKind.String, attributes.GetProperty("code").ValueKind);
        foreach (var variant in product.GetProperty("variants").EnumerateArray())
            Assert.Equal(isNew ? "fits" : "size", variant.GetProperty("attributes").EnumerateObject().Single().Name);
    }

    /// <summary>Creates and changes products, each in the form of the version that it finds.</summary>
    async Task Write(string type, CancellationToken end)
    {
        for (var i = 10_000_000; !end.IsCancellationRequested; i++)
        {
            var old = await shop.TryTyped(type, $$"""{"color":"red","code":"{{i}}","junk":"x"}""", """{"size":"m"}""");
            if (old.Status != 201)
            {
                // The type has changed over: the old form is refused, and nothing but that.
                old.Refused(400, "PRODUCT_INVALID", "attributes.color");
                await shop.NewTyped(type, $$"""{"colour":"red","code":{{i}},"brand":"B"}""", """{"fits":{"en":"m"}}""");
                continue;
            }
            var path = $"{Types.Products}/{old.Value("id")}";
            var changed = await shop.Staff.Patch(path, """{"attributes":{"color":"blue"}}""", old.Tag);
            if (changed.Status != 200)
                changed.Refused(400, "PRODUCT_INVALID", "attributes.color");
        }
    }

    async Task Fill(string type, int count)
    {
        var types = shop.Services.GetRequiredService<TypeBook>();
        foreach (var part in Enumerable.Range(0, count).Chunk(1_000))
        {
            await using var connection = await shop.Database.Source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var work = new Work(shop.Database, transaction);
            var held = (await types.Hold(work, type, CancellationToken.None))!;
            await NewProducts.Insert(
                work,
                [.. part.Select(i => New1(type, held, i))],
                TimeProvider.System,
                CancellationToken.None
            );
            await work.Append(CancellationToken.None);
            await work.Commit();
        }
    }

    static NewProduct New1(string type, TypeNow held, int i)
    {
        var attributes = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
            $$"""{"color":"red","weight":"{{(i % 7 == 0 ? "heavy" : $"{i}.50")}}","junk":"x","code":"{{i}}"}"""
        );
        var ofVariant = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["size"] = ValueForms.Json("\"m\""),
        };
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var product = new Product(
            $"{type}-{i}",
            type,
            $"Product {i}",
            $"{type}-{i}",
            null,
            [],
            [new Variant($"{type}-{i}", [], Attributes: ofVariant)],
            attributes
        );
        return new(id, product, held.Read(product.Given).Value);
    }
}
