using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>An aggregation that was read: what it says of some documents of its scope.</summary>
delegate JsonObject Aggregation(IReadOnlyList<Doc> docs);

/// <summary>Reads the documented aggregations, as many as there are here, and nothing else.</summary>
sealed class Aggregations(Mapping mapping, Queries queries)
{
    const int MaxBuckets = 65_535;

    public IReadOnlyDictionary<string, Aggregation> Read(JsonElement? of, string scope) =>
        of is not { } all
            ? new Dictionary<string, Aggregation>()
            : all.EnumerateObject().ToDictionary(one => one.Name, one => ReadOne(one.Name, one.Value, scope));

    Aggregation ReadOne(string name, JsonElement of, string scope)
    {
        if (name.AsSpan().IndexOfAny("[]>") >= 0)
            throw new NotInTheContractException($"Invalid aggregation name [{name}].");
        var members = new Members(of, name);
        var below = members.Take("aggs");
        var (kind, body) = members.Only();
        return kind switch
        {
            "nested" => Nested(new(body, kind), scope, below),
            "reverse_nested" => ReverseNested(new(body, kind), scope, below),
            "filter" => Filter(body, scope, below),
            "filters" => Filters(new(body, kind), scope, below),
            "terms" => Terms(new(body, kind), scope, below),
            "histogram" => Histogram(new(body, kind), scope, below),
            "min" => Metric(new(body, kind), scope, numbers => numbers.Min()),
            "max" => Metric(new(body, kind), scope, numbers => numbers.Max()),
            _ => throw new NotInTheContractException($"Unknown aggregation type [{kind}]"),
        };
    }

    static JsonObject Bucket(IReadOnlyList<Doc> docs, IReadOnlyDictionary<string, Aggregation> below)
    {
        var bucket = new JsonObject { ["doc_count"] = docs.Count };
        foreach (var (name, aggregation) in below)
            bucket[name] = aggregation(docs);
        return bucket;
    }

    Aggregation Nested(Members members, string scope, JsonElement? of)
    {
        var path = queries.NestedPath(members.Text("path"), scope);
        members.Done();
        var below = Read(of, path);
        return docs => Bucket([.. docs.SelectMany(doc => doc.Below(path))], below);
    }

    Aggregation ReverseNested(Members members, string scope, JsonElement? of)
    {
        if (scope.Length == 0)
            throw new NotInTheContractException(
                "Reverse nested aggregation cannot be used outside a [nested] aggregation"
            );
        members.Done();
        var below = Read(of, "");
        return docs => Bucket([.. docs.Select(doc => doc.Root).Distinct()], below);
    }

    Aggregation Filter(JsonElement body, string scope, JsonElement? of)
    {
        var filter = queries.Read(body, scope);
        var below = Read(of, scope);
        return docs => Bucket([.. docs.Where(doc => filter(doc) is not null)], below);
    }

    Aggregation Filters(Members members, string scope, JsonElement? of)
    {
        var filters = members.Need("filters").EnumerateArray().Select(one => queries.Read(one, scope)).ToList();
        members.Done();
        var below = Read(of, scope);
        return docs =>
            Buckets(filters.Select(filter => Bucket([.. docs.Where(doc => filter(doc) is not null)], below)));
    }

    static JsonObject Buckets(IEnumerable<JsonNode> buckets) => new() { ["buckets"] = new JsonArray([.. buckets]) };

    Aggregation Terms(Members members, string scope, JsonElement? of)
    {
        var field = mapping.Need(members.Text("field"), scope, Kind.Keyword);
        var include = members.Take("include") is { } expression ? Lucene(Members.Text(expression, "include")) : null;
        var size = members.Whole("size", 1, int.MaxValue) ?? 10;
        if (members.Whole("shard_size", 1, int.MaxValue) < size)
            throw new NotInTheContractException("shard_size is less than size.");
        var below = Read(of, scope);
        var order = members.Take("order") is { } orders
            ? orders.EnumerateArray().Select(one => Order(one, of)).ToList()
            : throw new NotInTheContractException("This interpreter wants an order.");
        members.Done();
        return docs =>
        {
            var buckets = docs.SelectMany(doc =>
                    doc.Of(field.Path).Distinct().Select(value => (Value: (string)value, doc))
                )
                .Where(one => include is null || include.IsMatch(one.Value))
                .GroupBy(one => one.Value)
                .Select(group =>
                {
                    var bucket = Bucket([.. group.Select(one => one.doc)], below);
                    bucket["key"] = group.Key;
                    return bucket;
                })
                .ToList();
            buckets.Sort((one, other) => order.Select(by => by(one, other)).FirstOrDefault(result => result != 0));
            return Buckets(buckets.Take(size));
        };
    }

    /// <summary>By key, by count, or by the count of an aggregation below that is one bucket.</summary>
    static Comparison<JsonObject> Order(JsonElement of, JsonElement? below)
    {
        var (by, value) = new Members(of, "order").Only();
        var turn = Members.Text(value, by) switch
        {
            "asc" => 1,
            "desc" => -1,
            var other => throw new NotInTheContractException($"Unknown order direction [{other}]"),
        };
        if (by == "_key")
            return (one, other) => turn * string.CompareOrdinal((string)one["key"]!, (string)other["key"]!);
        if (by == "_count")
            return (one, other) => turn * ((int)one["doc_count"]!).CompareTo((int)other["doc_count"]!);
        if (below?.TryGetProperty(by, out var its) != true || !IsSingle(its))
            throw new NotInTheContractException($"Invalid aggregation order path [{by}].");
        return (one, other) => turn * ((int)one[by]!["doc_count"]!).CompareTo((int)other[by]!["doc_count"]!);
    }

    static bool IsSingle(JsonElement aggregation) =>
        aggregation.EnumerateObject().Any(member => member.Name is "reverse_nested" or "nested" or "filter");

    /// <summary>Lucene's expressions match the whole term; those that are sent escape what is no letter or digit.</summary>
    static Regex Lucene(string expression)
    {
        if (expression.Length > 1_000)
            throw new NotInTheContractException("The expression is longer than index.max_regex_length.");
        return new($"^(?:{expression})$", RegexOptions.Singleline, Analyser.Patience);
    }

    Aggregation Histogram(Members members, string scope, JsonElement? of)
    {
        var field = mapping.Need(members.Text("field"), scope, Kind.Long, Kind.Double);
        var interval = members.Number("interval") ?? 0;
        var least = members.Whole("min_doc_count", 0, int.MaxValue);
        members.Done();
        if (interval <= 0 || least != 1)
            throw new NotInTheContractException(
                "[interval] must be >0, and this interpreter knows min_doc_count 1 only."
            );
        var below = Read(of, scope);
        return docs =>
        {
            var groups = docs.SelectMany(doc =>
                    Numbers(doc, field)
                        .Select(number => Math.Floor(number / interval))
                        .Distinct()
                        .Select(place => (place, doc))
                )
                .GroupBy(one => one.place)
                .OrderBy(group => group.Key)
                .ToList();
            if (groups.Count > MaxBuckets)
                throw new NotInTheContractException(
                    $"Trying to create too many buckets. Must be less than or equal to: [{MaxBuckets}]",
                    "too_many_buckets_exception",
                    503
                );
            return Buckets(
                groups.Select(group =>
                {
                    var bucket = Bucket([.. group.Select(one => one.doc)], below);
                    bucket["key"] = group.Key * interval;
                    return bucket;
                })
            );
        };
    }

    static IEnumerable<double> Numbers(Doc doc, Field field) => doc.Of(field.Path).Select(Convert.ToDouble);

    Aggregation Metric(Members members, string scope, Func<IEnumerable<double>, double> of)
    {
        var field = mapping.Need(members.Text("field"), scope, Kind.Long, Kind.Double);
        members.Done();
        return docs =>
        {
            var numbers = docs.SelectMany(doc => Numbers(doc, field)).ToList();
            return new() { ["value"] = numbers.Count == 0 ? null : of(numbers) };
        };
    }
}
