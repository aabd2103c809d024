using System.Text.Json;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>A query that was read: the score of a document, null where it does not match.</summary>
delegate double? Query(Doc doc);

/// <summary>Reads the documented query language, as much of it as there is here, and nothing else.</summary>
sealed class Queries(Mapping mapping)
{
    /// <param name="scope">The nested field whose documents are asked; empty: documents themselves.</param>
    public Query Read(JsonElement of, string scope)
    {
        var (name, body) = new Members(of, "query").Only();
        return name switch
        {
            "match_all" => Nothing(body, name, _ => 1),
            "match_none" => Nothing(body, name, _ => null),
            "bool" => Bool(new(body, name), scope),
            "dis_max" => DisMax(new(body, name), scope),
            "constant_score" => Constant(new(body, name), scope),
            "function_score" => new Functions(this).Read(new(body, name), scope),
            "ids" => Ids(new(body, name), scope),
            "nested" => Nested(new(body, name), scope),
            "term" => Term(body, scope),
            "terms" => Terms(new(body, name), scope),
            "range" => Range(body, scope),
            "prefix" => Prefix(body, scope),
            "fuzzy" => Words.Fuzzy(mapping, body, scope),
            "multi_match" => Words.MultiMatch(mapping, new(body, name), scope),
            _ => throw new NotInTheContractException($"unknown query [{name}]"),
        };
    }

    static Query Nothing(JsonElement body, string name, Query query)
    {
        new Members(body, name).Done();
        return query;
    }

    IReadOnlyList<Query> Several(JsonElement? of, string scope) =>
        of is not { } queries ? []
        : queries.ValueKind == JsonValueKind.Array ? [.. queries.EnumerateArray().Select(one => Read(one, scope))]
        : [Read(queries, scope)];

    Query Bool(Members members, string scope)
    {
        var must = Several(members.Take("must"), scope);
        var filter = Several(members.Take("filter"), scope);
        var should = Several(members.Take("should"), scope);
        var mustNot = Several(members.Take("must_not"), scope);
        var least =
            members.Whole("minimum_should_match", 0, 100)
            ?? (must.Count + filter.Count == 0 && should.Count > 0 ? 1 : 0);
        members.Done();
        return doc =>
        {
            if (!filter.All(query => query(doc) is not null) || mustNot.Any(query => query(doc) is not null))
                return null;
            var musts = must.Select(query => query(doc)).ToList();
            var shoulds = should.Select(query => query(doc)).OfType<double>().ToList();
            return musts.Contains(null) || shoulds.Count < least ? null : musts.Sum() + shoulds.Sum();
        };
    }

    Query DisMax(Members members, string scope)
    {
        var queries = Several(members.Need("queries"), scope);
        members.Done();
        return doc => queries.Max(query => query(doc));
    }

    Query Constant(Members members, string scope)
    {
        var filter = Read(members.Need("filter"), scope);
        var boost = members.Number("boost") ?? 1;
        members.Done();
        return doc => filter(doc) is null ? null : boost;
    }

    static Query Ids(Members members, string scope)
    {
        if (scope.Length > 0)
            throw new NotInTheContractException("[ids] is asked for within nested documents.");
        var ids = Members.Texts(members.Need("values"), "ids").ToHashSet();
        members.Done();
        return doc => ids.Contains(doc.Id) ? 1 : null;
    }

    Query Nested(Members members, string scope)
    {
        var path = NestedPath(members.Text("path"), scope);
        var query = Read(members.Need("query"), path);
        members.Done();
        return doc =>
            doc.Below(path).Select(child => query(child)).OfType<double>().ToList() is { Count: > 0 } scores
                ? scores.Average()
                : null;
    }

    public string NestedPath(string path, string scope) =>
        mapping.Find(path) is { Kind: Kind.Nested }
        && (scope.Length == 0 || path.StartsWith(scope + ".", StringComparison.Ordinal))
            ? path
            : throw new NotInTheContractException(
                $"[nested] failed to find nested object under path [{path}] in [{scope}]"
            );

    Query Term(JsonElement body, string scope)
    {
        var (name, value) = new Members(body, "term").Only();
        var field = mapping.Need(name, scope, Kind.Keyword);
        var wanted = Members.Text(value, name);
        return doc => doc.Of(field.Path).Contains(wanted) ? 1 : null;
    }

    Query Terms(Members members, string scope)
    {
        var boost = members.Number("boost") ?? 1;
        var (name, value) = members.Only();
        var field = mapping.Need(name, scope, Kind.Keyword);
        var wanted = Members.Texts(value, name).ToHashSet();
        if (wanted.Count > 65_536)
            throw new NotInTheContractException("[terms] has more than index.max_terms_count values.");
        return doc => doc.Of(field.Path).OfType<string>().Any(wanted.Contains) ? boost : null;
    }

    Query Range(JsonElement body, string scope)
    {
        var (name, value) = new Members(body, "range").Only();
        var field = mapping.Need(name, scope, Kind.Long, Kind.Double);
        var bounds = new Members(value, name);
        var tests = new List<Func<object, bool>>();
        foreach (var (bound, holds) in Bounds)
            if (bounds.Number(bound) is not null && value.GetProperty(bound) is var limit)
                tests.Add(number => holds(Compare(number, limit)));
        bounds.Done();
        return doc => doc.Of(field.Path).Any(number => tests.TrueForAll(test => test(number))) ? 1 : null;
    }

    static readonly (string, Func<int, bool>)[] Bounds =
    [
        ("gt", order => order > 0),
        ("gte", order => order >= 0),
        ("lt", order => order < 0),
        ("lte", order => order <= 0),
    ];

    static int Compare(object number, JsonElement limit) =>
        number is long whole && limit.TryGetInt64(out var other)
            ? whole.CompareTo(other)
            : Convert.ToDouble(number).CompareTo(limit.GetDouble());

    Query Prefix(JsonElement body, string scope)
    {
        var (name, value) = new Members(body, "prefix").Only();
        var field = mapping.Need(name, scope, Kind.Keyword);
        var members = new Members(value, name);
        var prefix = members.Text("value");
        var boost = members.Number("boost") ?? 1;
        members.Done();
        return doc =>
            doc.Of(field.Path).OfType<string>().Any(word => word.StartsWith(prefix, StringComparison.Ordinal))
                ? boost
                : null;
    }
}
