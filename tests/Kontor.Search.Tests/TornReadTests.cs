namespace Kontor.Search.Tests;

/// <summary>One writes, several read, all at once.</summary>
public sealed class TornReadTests
{
    const int Products = 6;

    /// <summary>So many that a reader that is not alone with a product loses its processor in the middle of it.</summary>
    const int Variants = 200;
    static readonly string[] Books = ["EUR", "USD"];
    static readonly DateTimeOffset Noon = Goods.Noon;

    static Guid Product(int number) => new(number + 1, 0, 0, new byte[8]);

    static Guid Variant(int product, int variant) => new(product + 1, (short)(variant + 1), 0, new byte[8]);

    /// <summary>Each state of a product says the same number in each price of each variant, and its availability by it.</summary>
    static SearchDocument State(int product, int state) =>
        new(
            Product(product),
            Noon,
            [new("title", $"thing {(state % 2 == 0 ? "even" : "odd")}")],
            [
                .. Enumerable
                    .Range(0, Variants)
                    .Select(variant => new SearchVariant(Variant(product, variant), Stock(state), Prices(state))
                    {
                        Words = [new("variant", $"{variant}")],
                    }),
            ]
        );

    static Availability Stock(int state) => state % 2 == 0 ? Availability.InStock : Availability.OutOfStock;

    static IReadOnlyList<BookPrice> Prices(int state) => [.. Books.Select(book => new BookPrice(book, 1_000 + state))];

    static List<VariantChange> To(int product, int state) =>
        [
            .. Enumerable
                .Range(0, Variants)
                .Select(variant => new VariantChange(Variant(product, variant), Stock(state), Prices(state))),
        ];

    [Fact]
    [Trait("Kind", "slow")]
    public async Task A_reader_never_sees_half_of_a_change()
    {
        var index = new SearchIndex(Goods.Schema with { MaxSegment = 4 }, ToyLanguage.Of);
        index.Apply([.. Enumerable.Range(0, Products).Select(product => State(product, 0))], []);
        using var over = new CancellationTokenSource();
        var readers = Enumerable
            .Range(0, 2)
            .Select(_ => Task.Factory.StartNew(() => Read(index, over.Token), TaskCreationOptions.LongRunning))
            .ToList();

        for (var round = 1; round <= 500; round++)
        {
            for (var product = 0; product < Products; product++)
                Assert.True(index.Change(Product(product), To(product, round)));
            if (round % 20 == 0)
                // The same states as whole documents: segments come, merge and go under the readers.
                index.Apply(
                    [
                        .. Enumerable
                            .Range(0, Products)
                            .Where(product => product % 3 == round % 3)
                            .Select(product => State(product, round)),
                    ],
                    []
                );
        }
        await over.CancelAsync();
        var looks = await Task.WhenAll(readers);

        Assert.All(looks, look => Assert.True(look > 0));
    }

    static int Read(SearchIndex index, CancellationToken over)
    {
        var looks = 0;
        do
        {
            looks++;
            // Each variant of a product is in the state of all: even ones can be had, and cost an even price.
            var even = index.Find(
                new(Noon)
                {
                    Books = looks % 2 == 0 ? ["EUR"] : ["USD"],
                    Filters = [new SearchFilter.Terms(SearchFields.Availability, ["inStock"])],
                    Facets = [new SearchFacet.Terms("variant"), new SearchFacet.Terms(SearchFields.Availability)],
                    Order = SearchOrder.Price(),
                    Limit = Products,
                }
            );
            Assert.All(even.Hits, hit => Assert.Equal(0, hit.Price % 2));
            // All variants of a product match or none.
            Assert.All(even.Facets[0].Values, value => Assert.Equal(even.Total, value.Products));
            // The availability facet ignores its selection: each product is in one class, and none is missed or seen twice.
            Assert.Equal(Products, even.Facets[1].Values.Sum(value => value.Products));
            var all = index.Find(
                new(Noon)
                {
                    Books = ["EUR"],
                    Order = SearchOrder.Price(),
                    Limit = Products,
                }
            );
            Assert.Equal(Products, all.Total);
            Assert.Equal(Products, all.Hits.DistinctBy(hit => hit.Id).Count());
            Assert.Equal(
                all.Hits.OrderBy(hit => hit.Price).Select(hit => hit.Price),
                all.Hits.Select(hit => hit.Price)
            );
            Assert.All(all.Hits, hit => Assert.Equal(hit.Price % 2 == 0, hit.IsAvailable));
        } while (!over.IsCancellationRequested);
        return looks;
    }

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Whole_documents_come_and_go_at_once()
    {
        // A pair is always written together, one removed as the other comes: whoever looks finds exactly one of them.
        var index = new SearchIndex(Goods.Schema with { MaxSegment = 32 }, ToyLanguage.Of);
        index.Apply([State(0, 0)], []);
        using var over = new CancellationTokenSource();
        var reader = Task.Factory.StartNew(
            () =>
            {
                var looks = 0;
                for (; !over.IsCancellationRequested || looks == 0; looks++)
                    Assert.Equal(1, index.Find(new(Noon) { Text = "thing" }).Total);
                return looks;
            },
            TaskCreationOptions.LongRunning
        );

        for (var round = 1; round <= 4_000; round++)
            index.Apply([State(round % 5, round)], [Product((round - 1) % 5)]);
        await over.CancelAsync();

        Assert.True(await reader > 0);
    }

    [Fact]
    public void A_change_of_what_is_not_there_changes_nothing()
    {
        var index = new SearchIndex(Goods.Schema, ToyLanguage.Of);
        index.Apply([State(0, 0)], []);

        Assert.False(index.Change(Product(1), To(1, 1)));
        Assert.False(index.Change(Product(0), [.. To(0, 1), new(Variant(9, 9), Availability.Preorder)]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            index.Change(Product(0), [.. To(0, 1), new(Variant(0, 0), null, [new("EUR", -1)])])
        );

        Assert.Equal(1_000, index.Find(new(Noon) { Books = ["EUR"] }).Hits.Single().Price);
    }
}
