using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Kontor.Imports.Matching;
using Kontor.Kernel;
using Sylvan.Data.Csv;

namespace Kontor.Imports.Tests.Matching;

/// <summary>
/// Two shops' articles with the pairs that people judged to be the same. A pair belongs to the half of its left article: the
/// one for tuning where the first byte of SHA-256 of <c>set:id</c> is even, the one held out where it is odd. Both halves
/// are matched together, so that every article of the other shop is there to be mistaken for another.
/// </summary>
sealed record JudgedPairs(string Name, IReadOnlyList<Article> Articles, IReadOnlySet<(string Left, string Right)> Same)
{
    const string Left = "left";
    const string Right = "right";

    /// <param name="Found">Of the pairs proposed, those that are the same.</param>
    /// <param name="Undecided">Automatic pairs of two articles of which no judged pair has either: the judges missed or left them out.</param>
    public sealed record Figures(int Judged, int Proposed, int Found, int Automatic, int AutomaticFound, int Undecided)
    {
        public double Precision => (double)Found / Math.Max(1, Proposed);
        public double Recall => (double)Found / Math.Max(1, Judged);
        public double F1 => 2 * Precision * Recall / Math.Max(1e-9, Precision + Recall);

        /// <summary>Every automatic pair that is not judged the same counts as wrong.</summary>
        public double AutomaticPrecision => (double)AutomaticFound / Math.Max(1, Automatic);

        /// <summary>Of the pairs that the judged ones can contradict.</summary>
        public double DecidedPrecision => (double)AutomaticFound / Math.Max(1, Automatic - Undecided);
    }

    public static JudgedPairs? Read(string folder, string name)
    {
        var isAbt = name == "abt-buy";
        var (left, right) = isAbt ? ("abt.csv", "buy.csv") : ("walmart.csv", "amazon.csv.gz");
        var path = Path.Combine(folder, name);
        if (!File.Exists(Path.Combine(path, "gt.csv")))
            return null;
        var same = Rows(Path.Combine(path, "gt.csv")).Select(row => (row["D1"], row["D2"])).ToHashSet();
        Article Read(string supplier, Dictionary<string, string> row) =>
            isAbt
                ? new(
                    row["id"],
                    supplier,
                    row["name"],
                    Description: Text(row["description"]),
                    Price: Price(row["price"])
                )
                : new(
                    row["id"],
                    supplier,
                    row["title"],
                    Brand: Text(row["brand"]),
                    PartNumber: Text(row["modelno"]),
                    Price: Price(row["price"])
                );
        return new(
            name,
            [
                .. Rows(Path.Combine(path, left)).Select(row => Read(Left, row)),
                .. Rows(Path.Combine(path, right)).Select(row => Read(Right, row)),
            ],
            same
        );
    }

    public static bool IsForTuning(string name, string leftId) =>
        (SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{leftId}"))[0] & 1) == 0;

    public Figures Judge(IReadOnlyList<Match> matches, bool tuning)
    {
        var of = matches.Where(match => IsForTuning(Name, match.Left.Id) == tuning).ToArray();
        var automatic = of.Where(match => match.Decision == Decision.Automatic).ToArray();
        var lefts = Same.Select(pair => pair.Left).ToHashSet(StringComparer.Ordinal);
        var rights = Same.Select(pair => pair.Right).ToHashSet(StringComparer.Ordinal);
        return new(
            Same.Count(pair => IsForTuning(Name, pair.Left) == tuning),
            of.Length,
            of.Count(IsSame),
            automatic.Length,
            automatic.Count(IsSame),
            automatic.Count(match => !lefts.Contains(match.Left.Id) && !rights.Contains(match.Right.Id))
        );
    }

    bool IsSame(Match match) => Same.Contains((match.Left.Id, match.Right.Id));

    static string? Text(string value) => string.IsNullOrWhiteSpace(value) ? null : value;

    static Money? Price(string value) =>
        decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
        && price > 0
            ? new Money((long)(price * 100), "USD")
            : null;

    static List<Dictionary<string, string>> Rows(string file)
    {
        using Stream bytes = File.OpenRead(file);
        using var text = new StreamReader(
            file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes
        );
        using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions { Delimiter = '|' });
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < csv.FieldCount; i++)
                row.Add(csv.GetName(i), csv.GetString(i));
            rows.Add(row);
        }
        return rows;
    }
}
