using Kontor.Catalog.Tests.Stock;
using static Kontor.Catalog.Tests.Stock.Shelves;

namespace Kontor.Catalog.Tests.Inventory;

/// <summary>Buyers and a warehouse at work on the same few shelves at once, against a book of what they were told.</summary>
public sealed class ConcurrencyTests(Shop shop) : IClassFixture<Shop>
{
    const int Workers = 8;
    const int Steps = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(20261123)]
    [Trait("Kind", "slow")]
    public async Task Whatever_happens_at_once_levels_are_what_everybody_was_told(int seed)
    {
        var skus = new[] { await shop.Stocked(0), await shop.Stocked(0), await shop.Stocked(0) };
        string[] places = ["main", await shop.Location(1), await shop.Location(2)];
        var book = new Book();
        using var done = new CancellationTokenSource();
        var watch = Watch(done.Token);

        await Task.WhenAll(
            Enumerable
                .Range(0, Workers)
                .Select(i => new Worker(shop, book, skus, places, new Random(seed * 100 + i)).Run(Steps))
        );
        await done.CancelAsync();

        Assert.True(await watch > 0);
        Assert.Empty(await shop.Faults());
        foreach (var sku in skus)
        {
            foreach (var place in places)
            {
                var (onHand, _, incoming) = await shop.Level(sku, place);
                Assert.Equal((place, book.OnHand(sku, place), book.Incoming(sku, place)), (place, onHand, incoming));
            }
            Assert.Equal(book.Reserved(sku), await shop.Reserved(sku));
        }
        Assert.True(book.Kinds.Count >= 12, string.Join(", ", book.Kinds.Order(StringComparer.Ordinal)));
    }

    /// <summary>Every invariant holds at every moment, not only in the end.</summary>
    async Task<int> Watch(CancellationToken done)
    {
        var looked = 0;
        for (; !done.IsCancellationRequested; looked++)
            Assert.Empty(await shop.Faults());
        return looked;
    }

    /// <summary>What accepted answers add up to; the plain way.</summary>
    sealed class Book
    {
        readonly Lock writing = new();
        readonly Dictionary<(string, string), long> onHand = [];
        readonly Dictionary<(string, string), long> incoming = [];
        readonly Dictionary<string, long> reserved = [];

        public HashSet<string> Kinds { get; } = new(StringComparer.Ordinal);

        public long OnHand(string sku, string place) => onHand.GetValueOrDefault((sku, place));

        public long Incoming(string sku, string place) => incoming.GetValueOrDefault((sku, place));

        public long Reserved(string sku) => reserved.GetValueOrDefault(sku);

        public void Write(string kind, string sku, string? place, long there, long toCome, long held)
        {
            lock (writing)
            {
                Kinds.Add(kind);
                if (place is not null)
                {
                    onHand[(sku, place)] = OnHand(sku, place) + there;
                    incoming[(sku, place)] = Incoming(sku, place) + toCome;
                }
                reserved[sku] = Reserved(sku) + held;
            }
        }
    }

    sealed class Worker(Shop shop, Book book, string[] skus, string[] places, Random random)
    {
        static readonly string[] Splits = ["none", "lines", "pieces"];
        readonly List<(Guid Id, string Sku, int Pieces)> held = [];
        readonly List<Way> ways = [];

        sealed record Way(string Key, string Sku, string? From, string To)
        {
            public long Rest { get; set; }

            public bool IsUnderWay { get; set; }
        }

        public async Task Run(int steps)
        {
            for (var step = 0; step < steps; step++)
                await (
                    random.Next(12) switch
                    {
                        0 or 1 or 2 => Reserve(),
                        3 => End("release"),
                        4 => End("commit"),
                        5 or 6 => Adjust(),
                        7 => Count(),
                        8 => Create(),
                        9 => Terms(),
                        _ => Move(),
                    }
                );
        }

        string Sku => skus[random.Next(skus.Length)];

        string Place => places[random.Next(places.Length)];

        Caller Buyer => shop.Client("buyer");

        /// <summary>Now and then a write is sent again under its key, and says the same.</summary>
        async Task<Answer> Write(string path, object body)
        {
            var key = shop.Fresh("entry");
            var answer = await shop.Enter(path, body, key);
            Assert.True(answer.Status is 200 or 201 or 409, answer.Text);
            if (answer.Status != 409 && random.Next(4) == 0)
                Assert.Equal(answer.Text, (await shop.Enter(path, body, key)).Text);
            return answer;
        }

        async Task Reserve()
        {
            var (id, sku, pieces) = (NewId(), Sku, random.Next(1, 5));
            var split = Splits[random.Next(3)];
            var answer = await Buyer.Put(Path(id), new { split, lines = new[] { new { sku, quantity = pieces } } });
            Assert.True(answer.Status is 200 or 409, answer.Text);
            if (answer.Status != 200)
                return;
            held.Add((id, sku, pieces));
            book.Write($"reserve {split}", sku, null, 0, 0, pieces);
        }

        async Task End(string kind)
        {
            if (held.Count == 0)
                return;
            var (id, sku, pieces) = held[random.Next(held.Count)];
            if (kind == "commit")
            {
                (await Buyer.Post($"{Path(id)}/commit", new { })).Is(200);
                book.Write(kind, sku, null, 0, 0, 0);
                return;
            }
            (await Buyer.Delete(Path(id))).Is(200);
            held.Remove((id, sku, pieces));
            book.Write(kind, sku, null, 0, 0, -pieces);
        }

        async Task Adjust()
        {
            var (sku, location, delta) = (Sku, Place, random.Next(-4, 9));
            object body = new
            {
                location,
                reason = "correction",
                lines = new[] { new { sku, delta } },
            };
            if ((await Write(Warehouse.Adjustments, body)).Status == 200)
                book.Write("adjust", sku, location, delta, 0, 0);
        }

        async Task Count()
        {
            var (sku, location, force) = (Sku, Place, random.Next(3) == 0);
            var (seen, _, _) = await shop.Level(sku, location);
            var quantity = Math.Max(0, seen + random.Next(-5, 4));
            object body = new
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
            };
            if ((await Write(Warehouse.Counts, body)).Status == 200)
                book.Write(force ? "force" : "count", sku, location, quantity - seen, 0, 0);
        }

        async Task Terms()
        {
            var (sku, location) = (Sku, Place);
            object line = new
            {
                sku,
                backorderLimit = random.Next(4),
                safetyStock = random.Next(3),
            };
            if ((await Write(Warehouse.Terms, new { location, lines = new[] { line } })).Status == 200)
                book.Write("terms", sku, location, 0, 0, 0);
        }

        async Task Create()
        {
            var (sku, to, from, quantity) = (Sku, Place, random.Next(2) == 0 ? null : Place, random.Next(1, 6));
            if (from == to)
                return;
            var way = new Way(shop.Fresh("way"), sku, from, to) { Rest = quantity, IsUnderWay = from is null };
            object body = new
            {
                key = way.Key,
                to,
                from,
                lines = new[] { new { sku, quantity } },
            };
            Assert.Equal(201, (await Write(Warehouse.Deliveries, body)).Status);
            ways.Add(way);
            book.Write(from is null ? "announce" : "plan", sku, to, 0, from is null ? quantity : 0, 0);
        }

        /// <summary>Ships, receives or calls off, whichever comes; half of the receipts are sent twice at once under two
        /// keys, so that two race for the same delivery.</summary>
        async Task Move()
        {
            if (ways.Count == 0)
                return;
            var way = ways[random.Next(ways.Count)];
            var path = $"{Warehouse.Deliveries}/{way.Key}";
            if (random.Next(5) == 0)
                await Cancel(way, path);
            else if (way.IsUnderWay)
                await Task.WhenAll(
                    Enumerable
                        .Repeat(random.NextInt64(1, way.Rest + 1), random.Next(1, 3))
                        .Select(n => Receive(way, path, n))
                );
            else if ((await Write($"{path}/ship", new { })).Status == 200)
            {
                way.IsUnderWay = true;
                book.Write("ship", way.Sku, way.From, -way.Rest, 0, 0);
                book.Write("ship", way.Sku, way.To, 0, way.Rest, 0);
            }
            if (way.Rest == 0)
                ways.Remove(way);
        }

        async Task Receive(Way way, string path, long quantity)
        {
            object body = new { lines = new[] { new { sku = way.Sku, quantity } } };
            if ((await shop.Enter($"{path}/receive", body)).Status != 200)
                return;
            lock (way)
                way.Rest -= quantity;
            book.Write("receive", way.Sku, way.To, quantity, -quantity, 0);
        }

        async Task Cancel(Way way, string path)
        {
            (await Write($"{path}/cancel", new { })).Is(200);
            ways.Remove(way);
            if (!way.IsUnderWay)
                return;
            book.Write("cancel", way.Sku, way.To, 0, -way.Rest, 0);
            if (way.From is not null)
                book.Write("cancel", way.Sku, way.From, way.Rest, 0, 0);
        }
    }
}
