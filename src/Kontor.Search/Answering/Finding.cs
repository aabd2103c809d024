using Kontor.Search.Querying;
using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Answers a query from one state of the index.</summary>
static class Finding
{
    public static SearchAnswer Run(Standing standing, Shared shared, SearchQuery query, Workspace workspace)
    {
        workspace.Begin(shared.Words.Blocks);
        var plan = new Plan(shared, query, workspace);
        var words = QueryWords.In(standing, shared, query);
        var conditions = new Conditions(plan, workspace);
        var ranking = new Ranking(standing, shared, plan, workspace, conditions);
        var judge = new Judge(plan, workspace, conditions, ranking);
        var candidates = new Candidates(plan, words, judge);
        for (var i = 0; i < standing.Views.Count; i++)
            candidates.In(standing.Views[i], i);
        judge.Close();
        // The counts first: to settle the page writes into the same workspace.
        var facets = Facets(shared, plan, workspace);
        var page = ranking.Page.Take();
        var next = page.Count > query.Limit ? CursorOf(page[query.Limit - 1], ranking.Order, query) : null;
        var hits = new List<SearchHit>(query.Limit);
        foreach (var found in page.Take(query.Limit).Select(found => ranking.Settled(standing, found)))
            hits.Add(
                new(
                    ranking.Order.IdOf(found),
                    found.Score,
                    found.Price == Moving.NoPrice ? null : found.Price,
                    found.IsAvailable
                )
            );
        workspace.End();
        return new(judge.Total, hits, facets, next, words.Matched, standing.Position);
    }

    static SearchCursor CursorOf(Found last, FoundOrder order, SearchQuery query) =>
        query.Order.By is SearchSort.Text
            // A place among the texts of a segment means nothing elsewhere: the text itself goes along.
            ? new(last.Pin, last.IsUnavailable, 0, true, order.TextOf(last), order.IdOf(last))
            : new(last.Pin, last.IsUnavailable, last.Key, false, null, order.IdOf(last));

    static List<FacetCounts> Facets(Shared shared, Plan plan, Workspace workspace)
    {
        var numbers = plan.Counters.ToDictionary(counter => counter.Facet, counter => counter.Counts());
        var counts = new List<(int Count, int Word)>();
        return plan
            .Query.Facets.Select(facet =>
                facet switch
                {
                    SearchFacet.Terms terms => new(facet.Field, ValuesOf(terms), []),
                    _ => numbers.GetValueOrDefault(facet) ?? new(facet.Field, [], NoneOf(facet)),
                }
            )
            .ToList();

        List<ValueCount> ValuesOf(SearchFacet.Terms facet)
        {
            counts.Clear();
            if (shared.Fields.Find(facet.Field) is { } field)
                workspace.Take(shared.Words.BlocksOf(field), counts);
            return MostFrequent(counts, facet.Limit, shared.Words);
        }
    }

    /// <summary>The most frequent first, then in the order of their letters.</summary>
    static List<ValueCount> MostFrequent(List<(int Count, int Word)> counts, int limit, WordBook words)
    {
        if (counts.Count > limit)
        {
            // Most are too rare, and which is told by numbers: only those that are left have their letters compared.
            var sorted = counts.ConvertAll(count => count.Count);
            sorted.Sort();
            var least = sorted[^limit];
            counts.RemoveAll(count => count.Count < least);
        }
        var values = counts.ConvertAll(count => new ValueCount(words[count.Word], count.Count));
        values.Sort(
            static (one, other) =>
                one.Products != other.Products
                    ? other.Products.CompareTo(one.Products)
                    : string.CompareOrdinal(one.Value, other.Value)
        );
        if (values.Count > limit)
            values.RemoveRange(limit, values.Count - limit);
        return values;
    }

    static RangeCount[] NoneOf(SearchFacet facet) =>
        facet is SearchFacet.Ranges ranges ? [.. ranges.Of.Select(range => new RangeCount(range, 0))] : [];
}
