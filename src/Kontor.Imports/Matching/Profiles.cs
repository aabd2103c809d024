using System.Collections.Frozen;

namespace Kontor.Imports.Matching;

/// <summary>Makes articles ready for being compared.</summary>
sealed class Profiles(Brands brands)
{
    /// <summary>A longer description says no more about which article it is.</summary>
    const int MostWords = 160;
    const int MinPart = 3;
    const int MaxPart = 40;
    const int MinEnd = 4;
    const int Beginning = 5;

    static readonly FrozenDictionary<string, int> Colours = new[]
    {
        ("black", 0),
        ("blk", 0),
        ("white", 1),
        ("wht", 1),
        ("silver", 2),
        ("grey", 3),
        ("gray", 3),
        ("graphite", 3),
        ("charcoal", 3),
        ("red", 4),
        ("cherry", 4),
        ("blue", 5),
        ("navy", 5),
        ("green", 6),
        ("yellow", 7),
        ("pink", 8),
        ("purple", 9),
        ("violet", 9),
        ("orange", 10),
        ("brown", 11),
        ("beige", 12),
        ("gold", 13),
        ("bronze", 14),
        ("cyan", 15),
        ("magenta", 16),
        ("cherrywood", 17),
        ("oak", 18),
        ("stainless", 19),
        ("titanium", 20),
        ("chrome", 21),
        ("bisque", 22),
    }.ToFrozenDictionary(colour => colour.Item1, colour => colour.Item2, StringComparer.Ordinal);

    readonly Vocabulary vocabulary = new();
    readonly Dictionary<string, int> suppliers = new(StringComparer.Ordinal);

    public static (Profile[] Profiles, Vocabulary Vocabulary) Of(
        IReadOnlyList<Article> articles,
        Brands brands,
        CancellationToken stop
    )
    {
        var maker = new Profiles(brands);
        var made = new Profile[articles.Count];
        for (var i = 0; i < made.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            made[i] = maker.Make(articles[i]);
            maker.vocabulary.Met(made[i].Keys);
        }
        maker.vocabulary.Weigh(made.Length);
        foreach (var profile in made)
        {
            profile.TitleWeight = maker.vocabulary.Squares(profile.Title);
            profile.WholeWeight = maker.vocabulary.Squares(profile.Whole);
        }
        return (made, maker.vocabulary);
    }

    Profile Make(Article article)
    {
        var title = Words.Of(article.Title, MostWords);
        var further = Words.Of(article.Description, MostWords);
        foreach (var value in article.Attributes.Values)
            if (further.Plain.Count < MostWords)
                further.Add(Words.Of(value, MostWords));
        var part = Part(article);
        var brand = brands.Of(article.Brand);

        if (!suppliers.TryGetValue(article.Supplier, out var supplier))
            suppliers.Add(article.Supplier, supplier = suppliers.Count);
        string[] own = [.. part is null ? [] : (string[])[part], .. brand is null ? [] : (string[])[brand]];
        string[] gtins =
        [
            .. (article.Gtins ?? []).Select(Gtin.Normalised).OfType<string>().Distinct(StringComparer.Ordinal),
        ];
        var codes = title.Codes.Concat(further.Codes).Concat(own).ToArray();
        return new(
            article,
            supplier,
            vocabulary.Distinct(title.Plain),
            vocabulary.Distinct(title.Plain.Concat(further.Plain).Concat(own)),
            vocabulary.Distinct(title.Codes),
            vocabulary.Distinct([
                .. title.Plain,
                .. further.Plain,
                .. own,
                .. title.Pieces,
                .. further.Pieces,
                .. codes.SelectMany(Beginnings),
                .. gtins.Select(gtin => "=" + gtin),
            ]),
            Words.Compact(article.Title)
        )
        {
            Gtins = gtins,
            Brand = brand,
            First = title.Plain.Count > 0 ? title.Plain[0] : "",
            Part = part,
            Measures = [.. title.Measures.Distinct()],
            AllMeasures = [.. title.Measures.Concat(further.Measures).Distinct()],
            Colours = title.Plain.Aggregate(
                0,
                (set, word) => Colours.TryGetValue(word, out var bit) ? set | (1 << bit) : set
            ),
        };
    }

    /// <summary>The part number, or what many titles end with instead: <c>Sony Turntable - PSLX350H</c>.</summary>
    static string? Part(Article article)
    {
        if (article.PartNumber is { } given)
            return Words.Compact(given) is { Length: >= MinPart and <= MaxPart } part ? part : null;
        var at = article.Title.LastIndexOf(" - ", StringComparison.Ordinal);
        if (at < 0)
            return null;
        var end = article.Title.AsSpan(at + 3).Trim();
        if (
            end.Contains(' ')
            || end.Length < MinEnd
            || !end.ContainsAnyExceptInRange('a', 'z')
            || (end.ContainsAnyInRange('a', 'z') && !end.ContainsAnyInRange('0', '9'))
        )
            return null;
        return Words.Compact(end.ToString());
    }

    /// <summary>What is found where two shops write a number with different endings: EL6985A and EL6985B.</summary>
    static IEnumerable<string> Beginnings(string code) => code.Length > Beginning ? ["^" + code[..Beginning]] : [];
}
