using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>A tokeniser and filters, as far as the tests' languages need: letters and digits between what is none.</summary>
sealed class Analyser(IReadOnlyList<Func<string, string?>> filters)
{
    /// <summary>Far more than any expression of a test takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Analyser Standard { get; } = new([word => word.ToLowerInvariant()]);

    /// <summary>Words and their places; one that a filter drops leaves its place empty.</summary>
    public IReadOnlyList<(string Term, int At)> Tokens(string text) =>
        [
            .. Regex
                .Matches(text, "[\\p{L}\\p{N}]+", RegexOptions.None, Patience)
                .Select(
                    (match, at) =>
                        (
                            Term: filters.Aggregate<Func<string, string?>, string?>(
                                match.Value,
                                (word, filter) => word is null ? null : filter(word)
                            ),
                            At: at
                        )
                )
                .Where(token => token.Term is not null)
                .Select(token => (token.Term!, token.At)),
        ];

    public static Analyser Of(string name, JsonElement of, Dictionary<string, Func<string, string?>> own)
    {
        var members = new Members(of, name);
        members.Word("type", "custom");
        members.Word("tokenizer", "standard");
        var filters = Members
            .Texts(members.Need("filter"), name)
            .Select(filter =>
                filter switch
                {
                    "lowercase" => word => word.ToLowerInvariant(),
                    // The tests' words are plain already.
                    "asciifolding" => word => word,
                    _ => own.GetValueOrDefault(filter)
                        ?? throw new NotInTheContractException($"{name} has no filter [{filter}]."),
                }
            );
        Analyser analyser = new([.. filters]);
        members.Done();
        return analyser;
    }

    public static Func<string, string?> Filter(string name, JsonElement of)
    {
        var members = new Members(of, name);
        Func<string, string?> filter;
        if (members.Word("type", "stop", "pattern_replace") == "stop")
        {
            var stops = Members.Texts(members.Need("stopwords"), name).ToHashSet();
            filter = word => stops.Contains(word) ? null : word;
        }
        else
        {
            var pattern = new Regex(members.Text("pattern"), RegexOptions.None, Patience);
            var by = members.Text("replacement");
            filter = word => pattern.Replace(word, by);
        }
        members.Done();
        return filter;
    }
}
