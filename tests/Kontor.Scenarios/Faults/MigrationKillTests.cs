using System.Globalization;
using System.Text.Json;

namespace Kontor.Scenarios.Faults;

/// <summary>The process that migrates a product type is killed in the middle, at every batch, while readers and writers go
/// on: the migration ends as one that nobody disturbed.</summary>
[Collection("faults")]
public sealed class MigrationKillTests
{
    /// <summary>Three batches of 200 are filled, then comes the flip, three are tidied, then comes the end.</summary>
    const int Products = 600;
    const int Batches = 8;
    const int Chosen = 4;

    const string Old = """
        {"key":"color","kind":"text"},{"key":"weight","kind":"text"},{"key":"note","kind":"text"},
        {"key":"code","kind":"text","maxLength":20,"unique":true},{"key":"size","kind":"text","level":"variant"}
        """;
    const string New = """
        {"key":"colour","kind":"text"},{"key":"weight","kind":"number"},{"key":"note","kind":"text"},
        {"key":"code","kind":"number","unique":true},{"key":"size","kind":"localisedText","level":"variant"}
        """;
    const string Steps = """
        {"do":"rename","attribute":"color","to":"colour"},
        {"do":"retype","attribute":"weight","conversion":"textToNumber","onError":"drop"},
        {"do":"retype","attribute":"code","conversion":"textToNumber"},
        {"do":"retype","attribute":"size","conversion":"textToLocalisedText","argument":"en"}
        """;

    internal static IReadOnlyList<string> Points { get; } =
    [
        .. from batch in Enumerable.Range(1, Batches)
        from side in (string[])["before", "after"]
        select string.Create(CultureInfo.InvariantCulture, $"product-types.batch.{side}-commit@{batch}"),
    ];

    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public Task A_migration_that_is_killed_at_drawn_batches_ends_as_if_nobody_had(Processes processes)
    {
        var random = new Random(Seed.Or(20261123) + (int)processes);
        string[] points = [.. Points];
        random.Shuffle(points);
        return Kill(processes, points[..Chosen]);
    }

    [Fact]
    [Trait("Kind", "long")]
    public Task A_migration_that_is_killed_at_any_batch_ends_as_if_nobody_had() => Kill(Processes.One, [.. Points]);

    static async Task Kill(Processes processes, string[] points)
    {
        await using var rehearsal = await Rehearsal.Open(processes);
        var expected = await Migrated(rehearsal, "undisturbed", null);
        Assert.Equal(Products, expected.Count);

        for (var i = 0; i < points.Length; i++)
            Assert.Equal(expected, await Migrated(rehearsal, $"killed-{i}", points[i]));
        await rehearsal.Shop.Verify();
    }

    /// <summary>A type of its own with its products, migrated while it is read and written, and the process killed at this
    /// point: its products' attributes at the end.</summary>
    static async Task<List<string>> Migrated(Rehearsal rehearsal, string type, string? point)
    {
        var shop = new Office(rehearsal.Shop, type);
        await shop.Fill();
        var deaths = rehearsal.Deaths;
        using var end = new CancellationTokenSource();
        Task[] going = [Read(shop, end.Token), Write(shop, end.Token)];
        bool HasFailed() => Array.Exists(going, task => task.IsFaulted);

        if (point is not null)
            await rehearsal.Arm(Fault(point));
        await shop.Change();
        if (point is not null)
            await rehearsal.Until(() => rehearsal.Deaths > deaths || HasFailed(), $"{point} kills");
        await rehearsal.Running();
        await Eventually.Holds(async () => await shop.IsMigrated() || HasFailed(), $"{type} ends");
        await end.CancelAsync();
        await Task.WhenAll(going);

        rehearsal.Disarm();
        Assert.Equal(deaths + (point is null ? 0 : 1), rehearsal.Deaths);
        for (var i = 0; i < Products; i += 7)
            await shop.Note(i);
        return await shop.Attributes();
    }

    static string Fault(string point) => point.Split('@') is [var name, var pass] ? $"{name}=kill@{pass}" : point;

    /// <summary>Every product is wholly of the version that its answer names.</summary>
    static async Task Read(Office shop, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i = (i + 31) % Products)
        {
            var product = await shop.Product(i);
            var isNew = product.GetProperty("typeVersion").GetInt64() == 2;
            var attributes = product.GetProperty("attributes");
            Assert.Equal(isNew, attributes.TryGetProperty("colour", out _));
            Assert.Equal(!isNew, attributes.TryGetProperty("color", out _));
            var kind = isNew ? JsonValueKind.Number : JsonValueKind.String;
            Assert.Equal(kind, attributes.GetProperty("code").ValueKind);
            var size = product.GetProperty("variants")[0].GetProperty("attributes").GetProperty("size");
            Assert.Equal(isNew ? JsonValueKind.Object : JsonValueKind.String, size.ValueKind);
        }
    }

    static async Task Write(Office shop, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i = (i + 7 * 13) % (Products / 7 * 7))
            await shop.Note(i);
    }

    /// <summary>Somebody who keeps the catalogue, and repeats what was lost when a process died.</summary>
    sealed class Office(RunningShop shop, string type)
    {
        string? token;

        public async Task Fill()
        {
            await Do(HttpMethod.Post, "/product-types", Body(Old, null, type), 201);
            var lines = Enumerable
                .Range(0, Products)
                .Select(i =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$$"""
                        {"key":"{{{type}}}-{{{i}}}","title":"T","slug":"{{{type}}}-{{{i}}}","type":"{{{type}}}","attributes":{"color":"c{{{i}}}","weight":"{{{(
                            i % 7 == 3 ? "heavy" : $"{i}.5"
                        )}}}","code":"{{{i}}}"},"variants":[{"sku":"{{{type}}}-{{{i}}}","attributes":{"size":"s{{{i
                            % 9}}}"}}]}
                        """
                    )
                );
            // Its answer is one of lines, and nobody is killed yet.
            var told = await Ask(HttpMethod.Post, "/products/bulk", string.Join('\n', lines), ("Accept", "*/*"));
            Assert.Contains($"\"created\":{Products}", told.Text, StringComparison.Ordinal);
        }

        public async Task Change()
        {
            var path = $"/product-types/{type}";
            while ((await Do(HttpMethod.Get, path, null, 200)).Data is var now && !IsUnderWay(now) && !IsNew(now))
                try
                {
                    await Ask(HttpMethod.Put, path, Body(New, Steps), ("If-Match", "\"1\""));
                }
                catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
                {
                    // The process died: the type says whether it was heard.
                }
        }

        public async Task<bool> IsMigrated()
        {
            var now = (await Do(HttpMethod.Get, $"/product-types/{type}", null, 200)).Data;
            return IsNew(now) && !IsUnderWay(now);
        }

        public async Task<JsonElement> Product(int i) =>
            (await Do(HttpMethod.Get, $"/products/{type}-{i}", null, 200)).Data;

        public async Task Note(int i) =>
            await Do(HttpMethod.Patch, $"/products/{type}-{i}", """{"attributes":{"note":"seen"}}""", 200);

        public async Task<List<string>> Attributes()
        {
            var all = new List<string>(Products);
            for (var i = 0; i < Products; i++)
            {
                var product = await Product(i);
                Assert.Equal(2, product.GetProperty("typeVersion").GetInt64());
                all.Add(
                    $"{product.GetProperty("attributes")} {product.GetProperty("variants")[0].GetProperty("attributes")}"
                );
            }
            return all;
        }

        static bool IsNew(JsonElement now) => now.GetProperty("version").GetInt64() == 2;

        static bool IsUnderWay(JsonElement now) => now.TryGetProperty("migration", out _);

        static string Body(string attributes, string? steps, string? key = null) =>
            $$"""
            {{{(key is null ? "" : $"\"key\":\"{key}\",")}}"title":"T","attributes":[{{attributes}}]{{(
                steps is null ? "" : $",\"migration\":[{steps}]"
            )}}}
            """;

        async Task<Answer> Do(HttpMethod method, string path, string? body, int status)
        {
            var answer = await Buyer.Insisting(() => Ask(method, path, body, ("If-Match", "*")));
            Assert.True(answer.Status == status, $"{method} {path}: {answer}");
            return answer;
        }

        async Task<Answer> Ask(HttpMethod method, string path, string? body, (string, string) ifMatch)
        {
            token ??= await shop.Token();
            return await shop.Send(method, $"/api/v1{path}", body, ("Authorization", $"Bearer {token}"), ifMatch);
        }
    }
}
