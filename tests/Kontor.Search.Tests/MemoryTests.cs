using Kontor.Search.Segments;

namespace Kontor.Search.Tests;

/// <summary>Alone, since what is held is of the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    const int First = 10_000;
    const int More = 30_000;

    /// <summary>1 GB for a million products.</summary>
    const int MostBytes = 1_000;

    [Fact]
    [Trait("Kind", "slow")]
    public void A_product_takes_less_than_a_thousand_bytes()
    {
        var index = new SearchIndex(SearchSchema.Usual);
        // What a shop has once, its words and what they are kept as, is there after the first.
        Fill(index, 0, First);
        var (heldBefore, countedBefore) = (Live(), index.Bytes);
        Fill(index, First, More);

        var held = (Live() - heldBefore) / More;
        var counted = (index.Bytes - countedBefore) / More;

        Assert.Equal(First + More, index.Count);
        Assert.InRange(held, 0, MostBytes);
        // What the segments say of themselves is most of what is held: nothing large is forgotten in the count. The rest is
        // the writer's table of ids.
        Assert.InRange(counted, held * 3 / 4, held);
        TestContext.Current.SendDiagnosticMessage($"{held} bytes a product, {counted} of them in arrays");
        GC.KeepAlive(index);
    }

    static void Fill(SearchIndex index, int from, int count)
    {
        foreach (var chunk in Enumerable.Range(from, count).Chunk(2_500))
            index.Apply([.. chunk.Select(GeneratedShop.Product)], []);
        index.Compact();
    }

    [Fact]
    public void What_was_removed_is_given_back()
    {
        var index = new SearchIndex(SearchSchema.Usual);
        index.Apply([.. Enumerable.Range(0, 2_000).Select(GeneratedShop.Product)], []);
        var full = index.Bytes;

        for (var round = 0; round < 30; round++)
            index.Apply([.. Enumerable.Range(round * 10, 500).Select(GeneratedShop.Product)], []);
        Assert.InRange(index.Bytes, full / 2, full * 2);
        Assert.InRange(index.Segments, 1, 40);

        index.Apply([], [.. Enumerable.Range(0, 1_990).Select(number => GeneratedShop.Product(number).Id)]);
        Assert.InRange(index.Bytes, 0, full / 20);
        Assert.Equal(10, index.Count);
        index.Apply([], [.. Enumerable.Range(1_990, 10).Select(number => GeneratedShop.Product(number).Id)]);
        Assert.Equal((0, 0, 0L), (index.Count, index.Segments, index.Bytes));
    }

    [Fact]
    public void Merging_keeps_segments_few_and_within_their_size()
    {
        var index = new SearchIndex(SearchSchema.Usual with { MaxSegment = 100 });
        for (var number = 0; number < 1_000; number++)
            index.Apply([GeneratedShop.Product(number)], [], position: number);

        // Ten that are full, and those on the way up: fewer than eight of each of three sizes.
        Assert.InRange(index.Segments, 10, 45);
        Assert.Equal(999, index.Position);
        index.Compact();
        Assert.InRange(index.Segments, 10, 20);
        Assert.Equal(1_000, index.Find(new(Goods.Noon)).Total);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, new int[0])]
    [InlineData(new[] { 8, 8, 8, 8, 8, 8, 8, 8 }, new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(new[] { 400, 1, 1, 1, 1, 1, 1, 1, 1 }, new[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    public void Segments_of_a_size_are_merged_when_they_are_eight(int[] sizes, int[] merged)
    {
        var index = new SearchIndex(SearchSchema.Usual);
        var views = sizes.Select(size => SegmentView.Of(Empty(index, size))).ToList();

        Assert.Equal(merged, Compaction.Next(views, 1_000));
    }

    static Segment Empty(SearchIndex index, int size) =>
        SegmentWriter.Write(
            [
                .. Enumerable
                    .Range(1, size)
                    .Select(number => new SearchDocument(new(number, 0, 0, new byte[8]), Goods.Noon, [], [])),
            ],
            index.Shared
        );

    static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
