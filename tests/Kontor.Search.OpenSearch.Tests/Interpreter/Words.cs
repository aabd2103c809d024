using System.Globalization;
using System.Text.Json;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>Queries of texts and words. A score is the weight of the field: what relevance is made of differs anyhow.</summary>
static class Words
{
    public static Query MultiMatch(Mapping mapping, Members members, string scope)
    {
        var text = members.Text("query");
        var isPhrase = members.Word("type", "best_fields", "phrase") == "phrase";
        var all = members.Word("operator", "and", "or") == "and";
        var boost = members.Number("boost") ?? 1;
        var dropped = members.Word("zero_terms_query", "none", "all") == "all";
        var fields = Members
            .Texts(members.Need("fields"), "fields")
            .Select(name => name.Split('^'))
            .Select(name =>
                (
                    Field: mapping.Need(name[0], scope, Kind.Text),
                    Weight: name.Length > 1 ? double.Parse(name[1], CultureInfo.InvariantCulture) : 1
                )
            )
            .ToList();
        members.Done();
        if (isPhrase && fields.Count == 0)
            throw new NotInTheContractException("[multi_match] needs fields.");
        return doc =>
        {
            double? best = null;
            foreach (var (field, weight) in fields)
            {
                var wanted = field.Analyser!.Tokens(text);
                if (wanted.Count == 0 ? dropped : Has(doc, field, wanted, isPhrase, all))
                    best = Math.Max(best ?? 0, weight * boost);
            }
            return best;
        };
    }

    static bool Has(Doc doc, Field field, IReadOnlyList<(string Term, int At)> wanted, bool isPhrase, bool all)
    {
        var there = new HashSet<(string Term, int At)>();
        var from = 0;
        foreach (var text in doc.Of(field.Path).OfType<string>())
        {
            foreach (var (term, at) in field.Analyser!.Tokens(text))
                there.Add((term, from + at));
            // The gap that the mapping says, and more than any text of the tests has.
            from += 1_100;
        }
        if (!isPhrase)
            return all
                ? wanted.All(word => there.Any(one => one.Term == word.Term))
                : wanted.Any(word => there.Any(one => one.Term == word.Term));
        return there
            .Where(one => one.Term == wanted[0].Term)
            .Any(start => wanted.All(word => there.Contains((word.Term, start.At + word.At - wanted[0].At))));
    }

    /// <summary>Of a keyword, by <c>fuzziness</c> AUTO:low,high.</summary>
    public static Query Fuzzy(Mapping mapping, JsonElement body, string scope)
    {
        var (name, value) = new Members(body, "fuzzy").Only();
        var field = mapping.Need(name, scope, Kind.Keyword);
        var members = new Members(value, name);
        var wanted = members.Text("value");
        var limits = members.Text("fuzziness");
        var prefix = members.Whole("prefix_length", 0, 100) ?? 0;
        members.Whole("max_expansions", 1, 1_000);
        var swaps = members.Truth("transpositions") ?? true;
        var boost = members.Number("boost") ?? 1;
        members.Done();
        if (!limits.StartsWith("AUTO:", StringComparison.Ordinal) || !swaps)
            throw new NotInTheContractException("This interpreter knows AUTO:low,high with transpositions only.");
        var bounds = limits[5..].Split(',').Select(int.Parse).ToList();
        var most =
            wanted.Length < bounds[0] ? 0
            : wanted.Length < bounds[1] ? 1
            : 2;
        return doc =>
            doc.Of(field.Path)
                .OfType<string>()
                .Any(word =>
                    word.Length >= prefix
                    && wanted.Length >= prefix
                    && word[..prefix] == wanted[..prefix]
                    && Errors(word, wanted) <= most
                )
                ? boost
                : null;
    }

    /// <summary>Letters wrong, too many, missing or swapped with their neighbour.</summary>
    static int Errors(string one, string other)
    {
        var costs = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        for (var j = 0; j <= other.Length; j++)
        {
            if (i == 0 || j == 0)
            {
                costs[i, j] = i + j;
                continue;
            }
            var cost = one[i - 1] == other[j - 1] ? 0 : 1;
            costs[i, j] = Math.Min(Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1, costs[i - 1, j - 1] + cost);
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
        }
        return costs[one.Length, other.Length];
    }
}
