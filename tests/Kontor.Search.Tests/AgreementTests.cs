using CsCheck;

namespace Kontor.Search.Tests;

/// <summary>Whatever is written, changed and removed, in whatever segments it lies: the index answers as brute force does.</summary>
public sealed class AgreementTests
{
    /// <summary>One thing that happens to an index.</summary>
    abstract record Step
    {
        public sealed record Apply(SearchDocument[] Written, Guid[] Removed) : Step;

        public sealed record Change(Guid Product, VariantChange[] Changes) : Step;

        public sealed record Compact : Step;

        /// <summary>A product type changes: what products had in one field they have in another, as numbers too.</summary>
        public sealed record Retype(string From, string To) : Step;

        /// <summary>Texts weigh something else: another index is built beside and takes over.</summary>
        public sealed record Rebuild(double Boost) : Step;
    }

    static readonly Gen<Step> Applied = Gen.Select(
        Goods.Document.Array[0, 6],
        Goods.AnyId.Array[0, 2],
        (written, removed) => (Step)new Step.Apply(written, removed)
    );

    static readonly Gen<Step> Changed = Goods.Change.Select(change =>
        (Step)new Step.Change(change.Product, change.Changes)
    );

    static readonly Gen<Step> Compacted = Gen.Const((Step)new Step.Compact());

    static readonly Gen<Step> Retyped = Gen.Select(
        Gen.OneOf("colour", "size", "brand"),
        Gen.OneOf("colour", "brand", "made of"),
        (from, to) => (Step)new Step.Retype(from, to)
    );

    static readonly Gen<Step> Rebuilt = Gen.OneOf(0.5, 4.0).Select(boost => (Step)new Step.Rebuild(boost));

    static readonly Gen<Step> AnyStep = Gen.Frequency(
        (6, Applied),
        (6, Changed),
        (2, Compacted),
        (1, Retyped),
        (1, Rebuilt)
    );

    [Fact]
    [Trait("Kind", "slow")]
    public void Hits_order_counts_and_pages_are_those_of_brute_force() =>
        Gen.Select(AnyStep.Array[1, 25], Goods.Query.Array[4], Gen.OneOf(4, 16, 1_000))
            .Sample(
                (steps, queries, most) =>
                {
                    var schema = Goods.Schema with { MaxSegment = most };
                    var (index, oracle) = (new SearchIndex(schema, ToyLanguage.Of), new Oracle(schema));
                    foreach (var step in steps)
                        (index, oracle) = Take(step, index, oracle);
                    Assert.Equal(oracle.Ids.Count(), index.Count);
                    foreach (var query in queries)
                        Agree(index, oracle, query);
                },
                iter: 3_000
            );

    static (SearchIndex Index, Oracle Oracle) Take(Step step, SearchIndex index, Oracle oracle)
    {
        switch (step)
        {
            case Step.Apply(var written, var removed):
                index.Apply(written, removed);
                oracle.Apply(written, removed);
                break;
            case Step.Change(var product, var changes):
                Assert.Equal(oracle.Change(product, changes), index.Change(product, changes));
                break;
            case Step.Retype(var from, var to):
                var retyped = oracle.All.Select(one => InAnotherField(one, from, to)).ToList();
                index.Apply(retyped, []);
                oracle.Apply(retyped, []);
                break;
            case Step.Rebuild(var boost):
                var schema = oracle.Schema with
                {
                    Texts = [.. oracle.Schema.Texts.Select(text => text with { Boost = text.Boost * boost })],
                };
                var (newIndex, newOracle) = (new SearchIndex(schema, ToyLanguage.Of), new Oracle(schema));
                newIndex.Apply([.. oracle.All], []);
                newOracle.Apply([.. oracle.All], []);
                return (newIndex, newOracle);
            default:
                index.Compact();
                break;
        }
        return (index, oracle);
    }

    static SearchDocument InAnotherField(SearchDocument document, string from, string to) =>
        document with
        {
            Words = Moved(document.Words, from, to),
            Numbers =
            [
                .. document.Numbers,
                .. document.Words.Where(word => word.Field == from).Select(_ => new FieldNumber(to, 1)),
            ],
            Variants = [.. document.Variants.Select(one => one with { Words = Moved(one.Words, from, to) })],
        };

    static List<FieldWord> Moved(IReadOnlyList<FieldWord> words, string from, string to) =>
        [.. words.Select(word => word.Field == from ? word with { Field = to } : word)];

    static void Agree(SearchIndex index, Oracle oracle, SearchQuery query)
    {
        var (wanted, facets) = oracle.Find(query);
        var got = new List<SearchHit>();
        var page = index.Find(query);

        Assert.Equal(wanted.Count, page.Total);
        Assert.Equal(Flat(facets), Flat(page.Facets));
        while (true)
        {
            got.AddRange(page.Hits);
            // A page that comes again is one too many, and not a test that never ends.
            if (page.Next is null || got.Count > wanted.Count)
                break;
            Assert.Equal(query.Limit, page.Hits.Count);
            page = index.Find(query with { After = SearchCursor.Read(page.Next.Write()) });
            Assert.Equal(wanted.Count, page.Total);
        }
        Assert.Equal(wanted.Select(hit => new SearchHit(hit.Id, hit.Score, hit.Price, hit.IsAvailable)), got);
    }

    internal static IEnumerable<string> Flat(IEnumerable<FacetCounts> facets) =>
        facets.Select(facet =>
            $"{facet.Field}: {string.Join(' ', facet.Values)} {string.Join(' ', facet.Ranges)} {facet.Least}..{facet.Greatest}"
        );
}
