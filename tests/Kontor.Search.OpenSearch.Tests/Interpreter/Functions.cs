namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary><c>function_score</c> with weights.</summary>
sealed class Functions(Queries queries)
{
    public Query Read(Members members, string scope)
    {
        var query = queries.Read(members.Need("query"), scope);
        var functions = members
            .Need("functions")
            .EnumerateArray()
            .Select(one =>
            {
                var function = new Members(one, "function");
                var read = (
                    Filter: queries.Read(function.Need("filter"), scope),
                    Weight: function.Number("weight") ?? 1
                );
                function.Done();
                return read;
            })
            .ToList();
        members.Word("score_mode", "multiply");
        members.Word("boost_mode", "multiply");
        var most = members.Number("max_boost") ?? double.MaxValue;
        members.Done();
        return doc =>
            query(doc) is { } score
                ? score
                    * Math.Min(
                        most,
                        functions
                            .Where(one => one.Filter(doc) is not null)
                            .Aggregate(1.0, (all, one) => all * one.Weight)
                    )
                : null;
    }
}
