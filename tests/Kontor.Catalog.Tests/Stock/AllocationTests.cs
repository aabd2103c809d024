using CsCheck;
using Kontor.Catalog.Stock;

namespace Kontor.Catalog.Tests.Stock;

/// <summary>The rule of allocation against one that tries every way of taking the pieces and keeps the best.</summary>
public sealed class AllocationTests
{
    const int Locations = 3;
    static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);
    static readonly Guid[] Variants = [.. Enumerable.Range(1, 3).Select(i => new Guid(i, 0, 0, new byte[8]))];

    static readonly Gen<StockLevel> AnyLevel = Gen.Select(
            Gen.Long[0, 5],
            Gen.Long[0, 3],
            Gen.Long[0, 3],
            Gen.Long[0, 2],
            Gen.Long[0, 2],
            Gen.Int[-1, 1],
            Gen.Double[0, 1]
        )
        .Select(
            (onHand, backorder, owed, preorder, safety, until, taken) =>
            {
                var limit = backorder + owed + preorder;
                return new StockLevel(onHand, (long)(taken * (onHand + limit)), limit)
                {
                    Owed = owed,
                    SafetyStock = safety,
                    PreorderLimit = preorder,
                    PreorderUntil = preorder == 0 ? null : Now.AddHours(until),
                };
            }
        );

    static readonly Gen<(StockLevel[] Levels, int[] Priorities, int Inactive, long[] Demand, string Split)> AnyCase =
        Gen.Select(
            AnyLevel.Array[9],
            Gen.Int[0, 2].Array[Locations],
            Gen.Int[-3, Locations - 1],
            Gen.Long[0, 4].Array[3],
            Gen.Int[0, 2].Select(i => Splits.All[i])
        );

    [Fact]
    public void Every_demand_gets_what_trying_every_way_would_give_it() =>
        AnyCase
            .Where(c => c.Demand.Any(pieces => pieces > 0))
            .Sample(
                c =>
                {
                    var rows = RowsOf(c.Levels, c.Priorities, c.Inactive);
                    var demand = DemandOf(c.Demand);
                    var wish = new Wish.Reserve(Shelves.NewId(), "tester", demand, null, c.Split);
                    var best = Best(rows, demand, c.Split);

                    var settlement = new Settlement([], rows, Now);
                    var settled = settlement.Settle(wish);

                    Assert.Equal(best is not null, settled.Holds);
                    Assert.Equal(settled.Holds, settled.Missing.Count == 0);
                    var taken = settlement
                        .Made.SelectMany(made => made.Lines)
                        .ToDictionary(l => (l.Sku, l.Location), l => l.Quantity);
                    Assert.Equal((best ?? []).Where(l => l.Value > 0).OrderBy(l => l.Key), taken.OrderBy(l => l.Key));
                    foreach (var row in rows)
                    {
                        Assert.Equal(
                            row.Before.Reserved + taken.GetValueOrDefault((row.Sku, row.Location)),
                            row.Level.Reserved
                        );
                        Assert.True(row.Level.Reserved <= row.Level.OnHand + row.Level.BackorderLimit);
                    }
                },
                iter: 20_000
            );

    [Fact]
    public void Any_number_of_wishes_never_promises_more_than_may_be() =>
        Gen.Select(AnyCase, Gen.Select(Gen.Int[0, 2], Gen.Int[1, 3], Gen.Int[0, 2]).Array[40])
            .Sample(
                (c, wishes) =>
                {
                    var rows = RowsOf(c.Levels, c.Priorities, c.Inactive);
                    var could = rows.ToDictionary(row => row, row => Math.Max(row.Before.Reserved, MostOf(row)));
                    var settlement = new Settlement([], rows, Now);

                    var made = wishes
                        .Select(w => new Wish.Reserve(
                            Shelves.NewId(),
                            "t",
                            Sku(w.Item1, w.Item2),
                            null,
                            Splits.All[w.Item3]
                        ))
                        .Where(wish => settlement.Settle(wish).Holds)
                        .ToList();

                    foreach (var row in rows)
                        Assert.True(row.Level.Reserved <= could[row] && (row.Place.IsActive || !row.HasChanged));
                    Assert.Equal(
                        made.Sum(wish => wish.Demand.Values.Sum()),
                        rows.Sum(row => row.Level.Reserved - row.Before.Reserved)
                    );
                    foreach (var wish in made)
                        settlement.Settle(new Wish.Release(wish.Id, "t"));
                    Assert.All(rows, row => Assert.Equal(row.Before, row.Level));
                },
                iter: 2_000
            );

    static Dictionary<string, long> Sku(int sku, int pieces) => new(StringComparer.Ordinal) { [$"S{sku}"] = pieces };

    static long MostOf(StockRow row) => row.Before.Available(Now) + row.Before.Reserved;

    static List<StockRow> RowsOf(StockLevel[] levels, int[] priorities, int inactive) =>
        [
            .. levels.Select(
                (level, i) =>
                    new StockRow(
                        Variants[i / Locations],
                        $"S{i / Locations}",
                        new($"L{i % Locations}", priorities[i % Locations], i % Locations != inactive),
                        level
                    )
            ),
        ];

    static SortedDictionary<string, long> DemandOf(long[] pieces) =>
        new(
            pieces.Select((p, i) => (p, i)).Where(d => d.p > 0).ToDictionary(d => $"S{d.i}", d => d.p),
            StringComparer.Ordinal
        );

    /// <summary>The best of all ways to take the demand; null where there is none.</summary>
    static Dictionary<(string, string), long>? Best(
        List<StockRow> rows,
        SortedDictionary<string, long> demand,
        string split
    )
    {
        var places = rows.Where(row => row.Place.IsActive)
            .Select(row => row.Place)
            .Distinct()
            .OrderBy(place => (place.Priority, place.Location))
            .Select(place => place.Location)
            .ToArray();
        var ways = new List<(string Sku, long[] Pieces)[]> { Array.Empty<(string, long[])>() };
        foreach (var (sku, quantity) in demand)
            ways =
            [
                .. ways.SelectMany(way =>
                    Parts(quantity, places.Length).Select(pieces => ((string, long[])[])[.. way, (sku, pieces)])
                ),
            ];
        StockRow Row(string sku, int place) => rows.Single(row => row.Sku == sku && row.Location == places[place]);
        bool Fits(string sku, long[] pieces, Func<StockRow, long> has) =>
            pieces.Select((p, i) => p == 0 || p <= has(Row(sku, i))).All(fits => fits);
        bool IsWhole((string Sku, long[] Pieces)[] way) =>
            way.SelectMany(line => line.Pieces.Select((p, i) => (p, i)))
                .Where(p => p.p > 0)
                .Select(p => p.i)
                .Distinct()
                .Count() <= 1;
        bool May((string Sku, long[] Pieces)[] way) =>
            way.All(line => Fits(line.Sku, line.Pieces, row => row.Level.Available(Now)))
            && split switch
            {
                Splits.None => IsWhole(way),
                Splits.Lines => way.All(line => line.Pieces.Count(p => p > 0) == 1),
                _ => true,
            };
        // Less is better, from left to right: pieces at an earlier place count below none.
        long[] Cost((string Sku, long[] Pieces)[] way)
        {
            var there = way.All(line => Fits(line.Sku, line.Pieces, row => row.Level.Free));
            if (IsWhole(way) && there && (split == Splits.None || demand.Count > 1))
                return [0, .. way[0].Pieces.Select(p => -p)];
            return split == Splits.None
                ? [1, .. way[0].Pieces.Select(p => -p)]
                : [1, .. way.SelectMany(line => CostOf(line.Sku, line.Pieces))];
        }
        long[] CostOf(string sku, long[] pieces)
        {
            var (one, there) = (pieces.Count(p => p > 0) == 1, Fits(sku, pieces, row => row.Level.Free));
            var tier = there ? (one ? 0 : 1) : (one ? 2 : 3);
            var first = pieces.Select((p, i) => tier == 3 ? -Math.Min(p, Math.Max(0, Row(sku, i).Level.Free)) : 0);
            return [tier, .. first, .. pieces.Select(p => -p)];
        }
        var best = ways.Where(May).OrderBy(Cost, Comparer<long[]>.Create(Compare)).FirstOrDefault();
        return best
            ?.SelectMany(line => line.Pieces.Select((p, i) => ((line.Sku, places[i]), p)))
            .ToDictionary(part => part.Item1, part => part.p);
    }

    static int Compare(long[] one, long[] two) =>
        one.Zip(two).Select(pair => pair.First.CompareTo(pair.Second)).FirstOrDefault(order => order != 0);

    static IEnumerable<long[]> Parts(long quantity, int places) =>
        places == 0
            ? (
                quantity == 0
                    ?
                    [
                        [],
                    ]
                    : []
            )
            : Enumerable
                .Range(0, (int)quantity + 1)
                .SelectMany(here => Parts(quantity - here, places - 1).Select(rest => (long[])[here, .. rest]));
}
