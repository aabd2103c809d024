using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>A key of an order: a document's value, and how values compare.</summary>
sealed record SortKey(Func<Doc, double, object> Of, bool IsDescending, Kind Kind)
{
    public int Compare(object one, object other)
    {
        var order = (one, other) switch
        {
            // Keywords are compared by their bytes.
            (string text, string with) => Encoding
                .UTF8.GetBytes(text)
                .AsSpan()
                .SequenceCompareTo(Encoding.UTF8.GetBytes(with)),
            (long number, long with) => number.CompareTo(with),
            _ => Convert.ToDouble(one).CompareTo(Convert.ToDouble(other)),
        };
        return IsDescending ? -order : order;
    }

    /// <summary>A value that a client sends back, of the key's type.</summary>
    public object Read(JsonElement value) =>
        Kind switch
        {
            Kind.Keyword => Members.Text(value, "search_after"),
            _ when value.ValueKind != JsonValueKind.Number => throw new NotInTheContractException(
                $"Failed to parse search_after value for field: {value}"
            ),
            Kind.Long => value.TryGetInt64(out var whole)
                ? whole
                : throw new NotInTheContractException($"Failed to parse search_after value for a long: {value}"),
            Kind.Double => value.GetDouble(),
            _ => (double)value.GetSingle(),
        };

    public JsonNode Write(object value) =>
        value switch
        {
            string text => text,
            long number => number,
            // Scores are floats.
            double score when Kind is Kind.Text => (float)score,
            double number => number,
            _ => throw new InvalidOperationException(),
        };
}

/// <summary>Reads <c>sort</c>.</summary>
sealed class Sorts(Mapping mapping, Queries queries)
{
    public IReadOnlyList<SortKey> Read(JsonElement of) => [.. of.EnumerateArray().Select(ReadKey)];

    SortKey ReadKey(JsonElement of)
    {
        var (name, body) = new Members(of, "sort").Only();
        var members = new Members(body, name);
        var isDescending = members.Word("order", "asc", "desc") == "desc";
        if (name == "_score")
        {
            members.Done();
            // A float, as the engine's scores are. Its kind only says that.
            return new((_, score) => (double)(float)score, isDescending, Kind.Text);
        }
        var mode = members.Word("mode", "min", "max");
        var missing = members.Need("missing");
        var scope = "";
        Func<Doc, IEnumerable<Doc>> below = doc => [doc];
        for (var nested = members.Take("nested"); nested is { } level; )
            (scope, below, nested) = ReadNested(new(level, "nested"), scope, below);
        members.Done();
        var field = mapping.Need(name, scope, Kind.Keyword, Kind.Long, Kind.Double);
        var none = Missing(field, missing);
        var isMax = mode is null ? isDescending : mode == "max";
        var key = new SortKey((_, _) => none, isDescending, field.Kind);
        return key with
        {
            Of = (doc, _) =>
            {
                var values = below(doc).SelectMany(one => one.Of(field.Path)).ToList();
                if (values.Count == 0)
                    return none;
                values.Sort(new SortKey((_, _) => none, false, field.Kind).Compare);
                return isMax ? values[^1] : values[0];
            },
        };
    }

    (string Scope, Func<Doc, IEnumerable<Doc>> Below, JsonElement? Next) ReadNested(
        Members members,
        string scope,
        Func<Doc, IEnumerable<Doc>> above
    )
    {
        var path = queries.NestedPath(members.Text("path"), scope);
        var filter = members.Take("filter") is { } of ? queries.Read(of, path) : _ => 1;
        var next = members.Take("nested");
        members.Done();
        return (path, doc => above(doc).SelectMany(one => one.Below(path)).Where(one => filter(one) is not null), next);
    }

    static object Missing(Field field, JsonElement of)
    {
        if (of.ValueKind == JsonValueKind.String && of.GetString() is "_last" or "_first")
            // What the engine answers then differs between types and versions: nothing may be made of it.
            return field.Path == "id"
                ? ""
                : throw new NotInTheContractException($"[{field.Path}] may be missing, and nothing stands for it.");
        return field.Kind switch
        {
            Kind.Keyword => Members.Text(of, "missing"),
            Kind.Long => of.GetInt64(),
            _ => of.GetDouble(),
        };
    }
}
