using CsCheck;
using Kontor.Search.Tests;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>The same random shops and questions that the index in memory is held to, through each engine.</summary>
public sealed class AgreementTests(Stand stand) : IClassFixture<Stand>
{
    /// <summary>One thing that happens to an index.</summary>
    internal abstract record Step
    {
        public sealed record Apply(SearchDocument[] Written, Guid[] Removed) : Step;

        public sealed record Change(Guid Product, VariantChange[] Changes) : Step;
    }

    static readonly Gen<Step> Applied = Gen.Select(
        Goods.Document.Array[0, 12],
        Goods.AnyId.Array[0, 3],
        (written, removed) => (Step)new Step.Apply(written, removed)
    );

    static readonly Gen<Step> Changed = Goods.Change.Select(change =>
        (Step)new Step.Change(change.Product, change.Changes)
    );

    internal static readonly Gen<(Step[] Steps, SearchQuery[] Queries)> Shops = Gen.Select(
        Gen.OneOf(Applied, Applied, Changed).Array[1, 8],
        Goods.Query.Array[6]
    );

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Through_the_documented_requests_hits_order_counts_and_pages_are_those_of_brute_force()
    {
        await Shops.SampleAsync(
            async (steps, queries) => await Agrees(await stand.Engine(), steps, queries),
            iter: 400
        );

        Assert.Empty(stand.Server.Unknown);
    }

    [Fact]
    [Trait("Kind", "slow")]
    public Task The_index_in_memory_behind_the_same_port_agrees_too() =>
        Shops.SampleAsync(
            (steps, queries) => Agrees(new MemoryEngine(new(Goods.Schema, ToyLanguage.Of)), steps, queries),
            iter: 400
        );

    internal static async Task Agrees(ISearchEngine engine, Step[] steps, SearchQuery[] queries)
    {
        var oracle = new Oracle(Goods.Schema);
        for (var i = 0; i < steps.Length; i++)
            await Take(steps[i], engine, oracle, position: i + 1);
        foreach (var query in queries.Where(HasMeaningInEach).Select(query => query with { ForgivesTypos = false }))
            // What is found by most of the words is the engine's affair too.
            if (engine is MemoryEngine || oracle.NeedsAll(query))
                await Agree(engine, oracle, query);
    }

    /// <summary>Words that all say nothing are the engine's affair.</summary>
    static bool HasMeaningInEach(SearchQuery query)
    {
        var excluded = query.Text.IndexOf("-\"", StringComparison.Ordinal);
        var words = (excluded < 0 ? query.Text : query.Text[..excluded])
            .Split([' ', '"'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !word.StartsWith('-'))
            .ToList();
        return query.Language != ToyLanguage.Tag
            || words.Count == 0
            || words.Exists(word => ToyLanguage.StemOf(word) is not null);
    }

    static async Task Take(Step step, ISearchEngine engine, Oracle oracle, long position)
    {
        switch (step)
        {
            case Step.Apply(var written, var removed):
                await engine.Apply(written, removed, position, CancellationToken.None);
                oracle.Apply(written, removed);
                break;
            case Step.Change(var product, var changes):
                var missing = await engine.Change([new(product, changes)], position, CancellationToken.None);
                Assert.Equal(oracle.Change(product, changes) ? [] : [product], missing);
                if (missing.Count > 0)
                    await engine.Reached(position, CancellationToken.None);
                break;
        }
        Assert.Equal(position, await engine.Position(CancellationToken.None));
    }

    static async Task Agree(ISearchEngine engine, Oracle oracle, SearchQuery query)
    {
        var (wanted, facets) = oracle.Find(query);
        var got = new List<SearchHit>();
        var page = await engine.Find(query, CancellationToken.None);

        Assert.True(wanted.Count == page.Total, $"{page.Total} instead of {wanted.Count}: '{query.Text}' {query}");
        Assert.Equal(Flat(facets), Flat(page.Facets));
        while (true)
        {
            got.AddRange(page.Hits);
            // A page that comes again is one too many, and not a test that never ends.
            if (page.Next is null || got.Count > wanted.Count)
                break;
            Assert.Equal(query.Limit, page.Hits.Count);
            page = await engine.Find(
                query with
                {
                    After = SearchCursor.Read(page.Next.Write()),
                },
                CancellationToken.None
            );
            Assert.Equal(wanted.Count, page.Total);
        }
        var isByWords = query.Order.By == SearchSort.Relevance && query.Text.Length > 0;
        Assert.Equal(Places(wanted, query, isByWords), Places(got, query, isByWords));
    }

    static IEnumerable<string> Places(IEnumerable<Candidate> of, SearchQuery query, bool isByWords) =>
        Places(of.Select(one => new SearchHit(one.Id, 0, one.Price, one.IsAvailable)), query, isByWords);

    /// <summary>Each with its price and whether it can be had. Where words decide: in their groups of pins and availability, and
    /// those in the order they came.</summary>
    static IEnumerable<string> Places(IEnumerable<SearchHit> of, SearchQuery query, bool isByWords)
    {
        var runs = new List<List<SearchHit>>();
        foreach (var hit in of)
            if (isByWords && runs is [.., var last] && Group(last[^1], query) == Group(hit, query))
                last.Add(hit);
            else
                runs.Add([hit]);
        return runs.SelectMany(run => run.OrderBy(hit => hit.Id))
            .Select(hit => $"{hit.Id} {hit.Price} {hit.IsAvailable}");
    }

    static int Group(SearchHit hit, SearchQuery query) =>
        query.Pins.Contains(hit.Id) ? query.Pins.ToList().IndexOf(hit.Id)
        : query.UnavailableLast && !hit.IsAvailable ? 1_001
        : 1_000;

    static IEnumerable<string> Flat(IEnumerable<FacetCounts> facets) =>
        facets.Select(facet =>
            $"{facet.Field}: {string.Join(' ', facet.Values)} {string.Join(' ', facet.Ranges)} {facet.Least}..{facet.Greatest}"
        );
}
