using System.Collections.Concurrent;

namespace Kontor.Scenarios;

/// <summary>The tour walked by several guests while the process is killed again and again.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "slow")]
    public Task A_process_that_dies_at_any_moment_loses_nothing_acknowledged(Processes processes) =>
        Walk(processes, kills: 6, seed: 20261123);

    [Theory]
    [InlineData(Processes.One)]
    [InlineData(Processes.Three)]
    [Trait("Kind", "long")]
    public Task Nor_does_one_that_dies_forty_times(Processes processes) => Walk(processes, kills: 40, seed: 4711);

    static async Task Walk(Processes processes, int kills, int seed)
    {
        await using var shop = await Machinery.Open(processes);
        await shop.CreateProduct("CRASH", amount: 1_250, stock: 100_000);
        using var end = new CancellationTokenSource();
        var watchers = new[] { new StreamWatcher(shop, "ordering"), new StreamWatcher(shop, "catalog") };
        var watching = watchers.Select(watcher => watcher.Run(end.Token)).ToArray();
        var guests = Enumerable.Range(0, 4).Select(i => new Guest(shop, new Random(seed + i))).ToArray();
        var walking = guests.Select(guest => guest.Walk(end.Token)).ToArray();

        var moments = new Random(seed);
        for (var kill = 0; kill < kills; kill++)
        {
            var goal = guests.Sum(guest => guest.Placed.Count) + moments.Next(1, 12);
            await Until(() => guests.Sum(guest => guest.Placed.Count) >= goal, "guests buy");
            await Task.Delay(moments.Next(0, 40));
            var victim = shop.Processes[moments.Next(shop.Processes.Count)];
            await victim.Kill();
            await victim.Restart();
        }
        end.Cancel();
        await Task.WhenAll(walking);

        await HoldsEveryOrder(shop, guests);
        await Task.WhenAll(watching);
        await SawEverything(shop, watchers);
        await shop.Verify();
    }

    /// <summary>Every order that a guest was told of stands as told, and every attempt has come to an end.</summary>
    static async Task HoldsEveryOrder(RunningShop shop, Guest[] guests)
    {
        var staff = ("Authorization", $"Bearer {await shop.Token()}");
        var placed = guests.SelectMany(guest => guest.Placed).ToArray();
        Assert.NotEmpty(placed);
        Assert.Equal(placed.Length, placed.Distinct().Count());
        foreach (var order in placed)
        {
            var answer = await shop.Send(HttpMethod.Get, $"/api/v1/orders/{order}", null, staff);
            Assert.True(answer.Status == 200, answer.Text);
            Assert.Equal("placed", answer.Data.GetProperty("status").GetString());
        }
        Assert.All(guests, guest => Assert.Null(guest.Fault));
    }

    /// <summary>What the watchers saw live through every crash is what a reader from the beginning is told.</summary>
    static async Task SawEverything(RunningShop shop, StreamWatcher[] live)
    {
        foreach (var (topic, watcher) in new[] { ("ordering", live[0]), ("catalog", live[1]) })
        {
            using var end = new CancellationTokenSource();
            var late = new StreamWatcher(shop, topic);
            var reading = late.Run(end.Token);
            var known = watcher.Seen;
            Assert.NotEmpty(known);
            await Until(() => late.Seen.Count >= known.Count, $"a late reader of {topic} comes as far");
            end.Cancel();
            await reading;

            Assert.Equal(Enumerable.Range(1, known.Count).Select(i => (long)i), known.Select(e => e.Sequence));
            Assert.Equal(late.Seen.Take(known.Count), known);
        }
    }

    static Task Until(Func<bool> holds, string what) => Eventually.Holds(() => Task.FromResult(holds()), what);

    /// <summary>Buys one thing after the other; when the line breaks it repeats the very same request.</summary>
    sealed class Guest(RunningShop shop, Random random)
    {
        public ConcurrentQueue<string> Placed { get; } = new();

        public string? Fault { get; private set; }

        public async Task Walk(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested && Fault is null)
                await BuyOnce();
        }

        async Task BuyOnce()
        {
            var opened = await Insist(HttpMethod.Post, "/api/v1/carts", new { currency = "EUR" });
            var cart = opened.Data.GetProperty("id").GetString();
            var token = ("Kontor-Cart-Token", opened.Data.GetProperty("token").GetString()!);
            var quantity = random.Next(1, 4);
            await Insist(HttpMethod.Post, $"/api/v1/carts/{cart}/lines", new { sku = "CRASH", quantity }, token);
            await Insist(HttpMethod.Put, $"/api/v1/carts/{cart}/addresses", Address, token);
            var order = await Insist(
                HttpMethod.Post,
                $"/api/v1/carts/{cart}/checkout",
                new
                {
                    expectedTotal = new { amount = quantity * 1_250, currency = "EUR" },
                    payment = new { provider = "sandbox", token = "tok_approve" },
                },
                token
            );
            if (order.Status is 202)
                await Settles(order.Data.GetProperty("id").GetString()!, token);
            if (order.Status is 201 or 202)
                Placed.Enqueue(order.Data.GetProperty("id").GetString()!);
            else
                Fault = order.Text;
        }

        /// <summary>Told that it takes longer: asks until it is placed.</summary>
        Task Settles(string order, (string, string) token) =>
            Eventually.Holds(
                async () =>
                    (await Insist(HttpMethod.Get, $"/api/v1/orders/{order}", null, token))
                        .Data.GetProperty("status")
                        .GetString() == "placed",
                $"{order} is placed"
            );

        /// <summary>The same request under the same key until it is answered.</summary>
        async Task<Answer> Insist(HttpMethod method, string path, object? body, params (string, string)[] headers)
        {
            var key = ("Idempotency-Key", new Guid(Bytes()).ToString());
            while (true)
                try
                {
                    var answer = await shop.Send(method, path, body, [.. headers, key]);
                    if (answer.Status < 500 && answer.Code != "REQUEST_IN_PROGRESS")
                        return answer.Status < 300 || path.EndsWith("checkout", StringComparison.Ordinal)
                            ? answer
                            : throw new InvalidOperationException($"{method} {path}: {answer.Text}");
                }
                catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
                {
                    await Task.Delay(20, CancellationToken.None);
                }
        }

        byte[] Bytes()
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            return bytes;
        }

        static object Address =>
            new
            {
                email = "ada@example.com",
                shipping = new
                {
                    name = "Ada",
                    line1 = "Koberg 1",
                    city = "Lübeck",
                    postalCode = "23552",
                    country = "DE",
                },
            };
    }
}
