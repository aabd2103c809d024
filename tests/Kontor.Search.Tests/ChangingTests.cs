using CsCheck;

namespace Kontor.Search.Tests;

/// <summary>Answers while prices and availability change in place as fast as they can: each is one of a moment that was.</summary>
/// <remarks>Two products change, each between two states; so there are four shops, and every answer, its hits, their order and
/// all counts, is word for word that of brute force over one of the four.</remarks>
public sealed class ChangingTests
{
    const int Samples = 60;
    const int Looks = 40;
    const int LeastChanges = 200_000;
    static readonly string[] Books = ["EUR", "EUR|b2b", "USD"];

    /// <summary>A product and what takes it from one of its states to the other.</summary>
    sealed record Turning(Guid Id, IReadOnlyList<VariantChange> There, IReadOnlyList<VariantChange> Back);

    static readonly Gen<(SearchDocument[] Documents, int[] Amounts)> Shops = Gen.Select(
        Goods.Document.Array[8, 16],
        Gen.Int[0, 12].Array[64]
    );

    [Fact]
    [Trait("Kind", "slow")]
    public async Task Every_answer_is_that_of_one_moment()
    {
        var (changes, different) = (0L, 0);
        for (var sample = 0; sample < Samples || changes < LeastChanges; sample++)
        {
            var (documents, amounts) = Shops.Single();
            var queries = Goods.Query.Array[3].Single();
            var written = documents.Reverse().DistinctBy(document => document.Id).ToList();
            var turning = written
                .Where(one => one.Variants.Count > 0)
                .Take(2)
                .Select(one => Turn(one, amounts))
                .ToList();
            var index = new SearchIndex(Goods.Schema with { MaxSegment = 4 }, ToyLanguage.Of);
            index.Apply(written, []);
            using var over = new CancellationTokenSource();
            var writer = Task.Factory.StartNew(
                () => Write(index, turning, over.Token),
                TaskCreationOptions.LongRunning
            );
            foreach (var query in queries.SelectMany(Both))
            {
                var allowed = Answers(written, turning, query);
                different += allowed.Count > 1 ? 1 : 0;
                for (var look = 0; look < Looks; look++)
                    Assert.Contains(Answer(index.Find(query)), allowed);
            }
            await over.CancelAsync();
            changes += await writer;
        }
        // Without a question that tells the states apart nothing would have been looked at.
        Assert.True(different > Samples / 4);
    }

    /// <summary>A question as it came, and one that finds and counts nearly everything.</summary>
    static IEnumerable<SearchQuery> Both(SearchQuery query) =>
        [
            query with
            {
                Limit = 20,
            },
            query with
            {
                Limit = 20,
                Text = "",
                Within = [],
                Channel = "web",
                Books = ["EUR", "USD"],
                Facets =
                [
                    new SearchFacet.Terms(SearchFields.Availability),
                    new SearchFacet.Histogram(SearchFields.Price, 100),
                ],
            },
        ];

    /// <summary>The answers over the four shops.</summary>
    static HashSet<string> Answers(List<SearchDocument> written, List<Turning> turning, SearchQuery query)
    {
        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var which = 0; which < 1 << turning.Count; which++)
        {
            var oracle = new Oracle(Goods.Schema);
            oracle.Apply(written, []);
            for (var i = 0; i < turning.Count; i++)
                oracle.Change(turning[i].Id, (which >> i & 1) == 0 ? turning[i].Back : turning[i].There);
            var (hits, facets) = oracle.Find(query);
            var page = hits.Take(query.Limit)
                .Select(hit => new SearchHit(hit.Id, hit.Score, hit.Price, hit.IsAvailable));
            answers.Add(Written(hits.Count, page, facets));
        }
        return answers;
    }

    static string Answer(SearchAnswer answer) => Written(answer.Total, answer.Hits, answer.Facets);

    static string Written(int total, IEnumerable<SearchHit> hits, IEnumerable<FacetCounts> facets) =>
        $"{total}; {string.Join(' ', hits)}; {string.Join("; ", AgreementTests.Flat(facets))}";

    static long Write(SearchIndex index, List<Turning> turning, CancellationToken over)
    {
        var changes = 0L;
        for (var random = new Random(1); !over.IsCancellationRequested; changes++)
            if (turning.Count > 0)
            {
                var one = turning[random.Next(turning.Count)];
                index.Change(one.Id, random.Next(2) == 0 ? one.There : one.Back);
            }
        return changes;
    }

    /// <summary>All of a product's prices and availability, so that a change leaves nothing of the other state.</summary>
    static Turning Turn(SearchDocument document, int[] amounts)
    {
        var at = 0;
        return new(
            document.Id,
            [
                .. document.Variants.Select(one => new VariantChange(
                    one.Id,
                    (Availability)(amounts[at] % 4),
                    [
                        .. Books.Select(book => new BookPrice(
                            book,
                            amounts[at++] is var price and > 0 ? price * 100 : null
                        )),
                    ]
                )),
            ],
            [
                .. document.Variants.Select(one => new VariantChange(
                    one.Id,
                    one.Availability,
                    [
                        .. Books.Select(book => new BookPrice(
                            book,
                            one.Prices.Where(price => price.Book == book).Select(price => price.Amount).LastOrDefault()
                        )),
                    ]
                )),
            ]
        );
    }
}
