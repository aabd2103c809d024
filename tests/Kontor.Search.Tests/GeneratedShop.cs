namespace Kontor.Search.Tests;

/// <summary>A generated catalogue like a real one: titles and descriptions by Zipf, a tree of categories, brands, a dozen
/// attributes by type, variants of size, two price books. The same for the same numbers.</summary>
/// <remarks>The benchmarks measure on it too.</remarks>
static class GeneratedShop
{
    public const int Vocabulary = 20_000;
    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly string[] Words = MakeWords();

    public static SearchDocument Product(int number)
    {
        var random = new Random(number);
        var type = number % 12;
        var leaf = random.Next(900);
        Guid id = new(number + 1, 0, 0, new byte[8]);
        return new(
            id,
            Noon.AddSeconds(-number),
            [
                new("title", Sentence(random, 6, 50), "en"),
                new("description", Sentence(random, 40, 0), "en"),
                new("brand", $"brand{number % 500}"),
            ],
            [
                .. Enumerable
                    .Range(0, 1 + (number % 2))
                    .Select(variant => new SearchVariant(
                        new(number + 1, (short)(variant + 1), 0, new byte[8]),
                        random.Next(10) == 0 ? Availability.OutOfStock : Availability.InStock,
                        number % 10 == 0
                            ?
                            [
                                new("EUR", random.Next(100, 100_000)),
                                new("USD", random.Next(100, 100_000)),
                                new("EUR|b2b", random.Next(100, 100_000)),
                            ]
                            : [new("EUR", random.Next(100, 100_000)), new("USD", random.Next(100, 100_000))]
                    )
                    {
                        Words = [new("size", $"{random.Next(12)}"), new("colour", $"{random.Next(20)}")],
                    }),
            ]
        )
        {
            Codes =
            [
                $"SKU-{number:0000000}-A",
                .. number % 2 == 1 ? [$"SKU-{number:0000000}-B"] : Array.Empty<string>(),
            ],
            Words =
            [
                new("brand", $"brand{number % 500}"),
                new("category", $"top{leaf / 90}"),
                new("category", $"middle{leaf / 10}"),
                new("category", $"leaf{leaf}"),
                new("type", $"type{type}"),
                .. Enumerable
                    .Range(0, 4)
                    .Select(i => new FieldWord($"attribute{(type + i) % 24}", $"{Skewed(random, 5 + (10 * i))}")),
            ],
            Numbers = [new($"number{type}", random.Next(1_000) / 10.0), new("weight", random.Next(5_000))],
            Sorts = [],
        };
    }

    public static string Word(int rank) => Words[rank];

    static string Sentence(Random random, int words, int from) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[Math.Min(Vocabulary - 1, from + Zipf(random))]));

    /// <summary>Ranks from 0, each half as likely where it is twice as high.</summary>
    static int Zipf(Random random) => (int)Math.Exp(random.NextDouble() * Math.Log(Vocabulary)) - 1;

    static int Skewed(Random random, int of) => Math.Min(random.Next(of), random.Next(of));

    static string[] MakeWords()
    {
        const string Letters = "bcdfghklmnprst";
        const string Vowels = "aeiou";
        var random = new Random(1);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (words.Count < Vocabulary)
            words.Add(
                string.Concat(
                    Enumerable
                        .Range(0, random.Next(2, 5))
                        .Select(_ => $"{Letters[random.Next(Letters.Length)]}{Vowels[random.Next(Vowels.Length)]}")
                ) + Letters[random.Next(Letters.Length)]
            );
        return [.. words];
    }
}
