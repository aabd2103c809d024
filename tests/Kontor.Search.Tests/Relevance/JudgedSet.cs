using System.Globalization;

namespace Kontor.Search.Tests.Relevance;

/// <summary>Real titles, questions as shoppers type them, and how well each title answers each. README.md beside says where
/// they come from and how they were judged.</summary>
/// <remarks>The benchmarks measure on it too.</remarks>
sealed class JudgedSet
{
    public const int Looked = 10;

    /// <summary>What the shop of the set says means the same, written before anything was measured.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Synonyms { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["laptop"] = ["notebook", "netbook"],
            ["notebook"] = ["laptop", "netbook"],
            ["cordless"] = ["wireless"],
            ["wireless"] = ["cordless"],
            ["headphones"] = ["earphones", "headset", "earbuds"],
            ["disk"] = ["drive"],
            ["cable"] = ["cord"],
            ["stick"] = ["flash drive"],
            ["tv"] = ["television", "flat panel", "lcd"],
            ["motherboard"] = ["mainboard", "desktop board"],
            ["feet"] = ["ft", "foot"],
            ["three"] = ["3"],
        };

    public IReadOnlyList<(string Id, string Brand, string Title)> Goods { get; } =
    [.. Lines("titles").Select(line => (line[0], line[1], line[2]))];

    public IReadOnlyList<(int Number, string Text)> Questions { get; } =
    [.. Lines("queries").Select(line => (Number(line[0]), line[1]))];

    readonly Dictionary<(int Question, string Id), int> grades = Lines("judgements")
        .ToDictionary(line => (Number(line[0]), line[1]), line => Number(line[2]));

    public int GradeOf(int question, string id) => grades.GetValueOrDefault((question, id));

    /// <summary>How good the first ten answers are beside the best ten that there are: 1 is as good as can be.</summary>
    public double Ndcg(int question, IEnumerable<string> found)
    {
        var best = grades.Where(grade => grade.Key.Question == question).Select(grade => grade.Value);
        var ideal = Gain(best.OrderDescending());
        return ideal == 0 ? 1 : Gain(found.Select(id => GradeOf(question, id))) / ideal;
    }

    static double Gain(IEnumerable<int> inOrder) =>
        inOrder.Take(Looked).Select((grade, at) => (Math.Pow(2, grade) - 1) / Math.Log2(at + 2)).Sum();

    public static Guid IdOf(int place) => new(place + 1, 0, 0, new byte[8]);

    /// <summary>The set as a shop would have it in the index: titles and brands, nothing else.</summary>
    public SearchIndex Index()
    {
        var index = new SearchIndex(SearchSchema.Usual);
        index.Apply(
            [
                .. Goods.Select(
                    (one, place) =>
                        new SearchDocument(
                            IdOf(place),
                            DateTimeOffset.UnixEpoch,
                            [new("title", one.Title, "en"), new("brand", one.Brand)],
                            []
                        )
                ),
            ],
            []
        );
        return index;
    }

    /// <summary>The ids of the first ten.</summary>
    public IEnumerable<string> Ask(SearchIndex index, string question) =>
        index
            .Find(
                new(DateTimeOffset.UnixEpoch)
                {
                    Text = question,
                    Language = "en",
                    Synonyms = Synonyms,
                    Limit = Looked,
                }
            )
            .Hits.Select(hit => Goods[BitConverter.ToInt32(hit.Id.ToByteArray()) - 1].Id);

    static int Number(string written) => int.Parse(written, CultureInfo.InvariantCulture);

    static IEnumerable<string[]> Lines(string name)
    {
        using var stream =
            typeof(JudgedSet).Assembly.GetManifestResourceStream($"Relevance.{name}.tsv")
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line.Split('\t');
    }
}
