using Kontor.Search.Querying;
using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Answers a query from one state of the index.</summary>
static class Finding
{
    public static SearchAnswer Run(Standing standing, Shared shared, SearchQuery query, Workspace workspace)
    {
        workspace.Begin(shared.Words.Count);
        var plan = new Plan(shared, query, workspace);
        var words = QueryWords.In(standing, shared.Tongues, query);
        var conditions = new Conditions(plan, workspace);
        var ranking = new Ranking(standing, shared, plan, workspace, conditions);
        var judge = new Judge(plan, workspace, conditions, ranking);
        var candidates = new Candidates(plan, words, judge);
        for (var i = 0; i < standing.Views.Count; i++)
            candidates.In(standing.Views[i], i);
        // The counts first: to settle the page writes into the same workspace.
        var facets = Facets(shared, plan, workspace);
        var page = ranking.Page.Take();
        var next = page.Count > query.Limit ? CursorOf(page[query.Limit - 1], ranking.Order, query) : null;
        var hits = page.Take(query.Limit)
            .Select(found => ranking.Settled(standing, found))
            .Select(found => new SearchHit(
                ranking.Order.IdOf(found),
                found.Score,
                found.Price == Moving.NoPrice ? null : found.Price,
                found.IsAvailable
            ));
        return new(judge.Total, [.. hits], facets, next, words.Matched, standing.Position);
    }

    static SearchCursor CursorOf(Found last, FoundOrder order, SearchQuery query) =>
        query.Order.By is SearchSort.Text
            // A place among the texts of a segment means nothing elsewhere: the text itself goes along.
            ? new(last.Pin, last.IsUnavailable, 0, true, order.TextOf(last), order.IdOf(last))
            : new(last.Pin, last.IsUnavailable, last.Key, false, null, order.IdOf(last));

    static List<FacetCounts> Facets(Shared shared, Plan plan, Workspace workspace)
    {
        var values = new Dictionary<int, List<ValueCount>>();
        foreach (var word in workspace.Counted)
        {
            var (field, value) = shared.Words[word];
            if (!values.TryGetValue(field, out var counts))
                values[field] = counts = [];
            counts.Add(new(value, workspace.CountOf(word)));
        }
        var numbers = plan.Counters.ToDictionary(counter => counter.Facet, counter => counter.Counts());
        return plan
            .Query.Facets.Select(facet =>
                facet switch
                {
                    SearchFacet.Terms terms => new(facet.Field, MostFrequent(Of(facet.Field), terms.Limit), []),
                    _ => numbers.GetValueOrDefault(facet) ?? new(facet.Field, [], NoneOf(facet)),
                }
            )
            .ToList();

        List<ValueCount> Of(string field) =>
            shared.Fields.Find(field) is { } known && values.TryGetValue(known, out var counts) ? counts : [];
    }

    static List<ValueCount> MostFrequent(List<ValueCount> counts, int limit) =>
        [
            .. counts
                .OrderByDescending(count => count.Products)
                .ThenBy(count => count.Value, StringComparer.Ordinal)
                .Take(limit),
        ];

    static RangeCount[] NoneOf(SearchFacet facet) =>
        facet is SearchFacet.Ranges ranges ? [.. ranges.Of.Select(range => new RangeCount(range, 0))] : [];
}
