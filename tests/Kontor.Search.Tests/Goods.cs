using CsCheck;

namespace Kontor.Search.Tests;

/// <summary>Random products and questions from so few words and values that they meet all the time.</summary>
static class Goods
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static readonly SearchSchema Schema = new([
        new("title", Boost: 4, UsualLength: 3, CompletesWords: true),
        new("description", Boost: 1, UsualLength: 6),
    ]);

    static readonly string[] Vocabulary =
    [
        "lamp",
        "lamps",
        "lampshade",
        "chair",
        "chairs",
        "table",
        "tables",
        "the",
        "of",
        "oak",
        "red",
        "redwood",
        "light",
        "lights",
        "kettle",
        "teakettle",
        "blue",
        "blues",
        "mirror",
        "mirrors",
    ];
    static readonly string[] Typed = [.. Vocabulary, "la", "cha", "lmap", "tabel", "mirorr", "kettel", "zzz", "t"];
    static readonly string[] Books = ["EUR", "EUR|b2b", "USD"];

    static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public static Guid Variant(Guid product, int number) => new([.. product.ToByteArray()[..15], (byte)(100 + number)]);

    public static readonly Gen<Guid> AnyId = Gen.Int[1, 40].Select(Id);

    static readonly Gen<string> Sentence = Gen.OneOf(Vocabulary).Array[0, 6].Select(words => string.Join(' ', words));

    static readonly Gen<SearchText> Text = Gen.Select(
        Gen.OneOf("title", "description", "notes"),
        Sentence,
        Gen.OneOf(ToyLanguage.Tag, ToyLanguage.Tag, ""),
        (field, text, language) => new SearchText(field, text, language)
    );

    static readonly Gen<FieldWord> Word = Gen.OneOf(
        Gen.OneOf("red", "blue", "oak").Select(value => new FieldWord("colour", value)),
        Gen.OneOf("s", "m", "l", "xl").Select(value => new FieldWord("size", value)),
        Gen.OneOf("acme", "brio").Select(value => new FieldWord("brand", value))
    );

    static readonly Gen<FieldNumber> Number = Gen.Select(
        Gen.OneOf("width", "weight"),
        Gen.Int[-4, 12],
        (field, value) => new FieldNumber(field, value / 2.0)
    );

    static readonly Gen<BookPrice> Price = Gen.Select(
        Gen.OneOf(Books),
        Gen.Int[0, 12],
        (book, amount) => new BookPrice(book, amount == 0 ? null : amount * 100)
    );

    static readonly Gen<Availability> Availability = Gen.Enum<Availability>();

    static Gen<SearchVariant> VariantOf(Guid product) =>
        Gen.Select(
            Gen.Int[0, 3],
            Availability,
            Price.Array[0, 3],
            Word.Array[0, 3],
            Number.Array[0, 2],
            (number, availability, prices, words, numbers) =>
                new SearchVariant(Variant(product, number), availability, [.. prices.DistinctBy(price => price.Book)])
                {
                    Words = words,
                    Numbers = numbers,
                }
        );

    static readonly Gen<SearchVisibility> Visibility = Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[-2, 12],
        Gen.Int[-12, 3],
        (channels, until, from) =>
            new SearchVisibility(
                channels switch
                {
                    0 => ["web"],
                    1 => ["web", "shop"],
                    _ => null,
                },
                from > -6 ? Noon.AddHours(from) : null,
                until < 6 ? Noon.AddHours(until) : null
            )
    );

    public static readonly Gen<SearchDocument> Document = AnyId.SelectMany(id =>
        Gen.Select(
            Text.Array[0, 4],
            VariantOf(id).Array[0, 4],
            Word.Array[0, 4],
            Number.Array[0, 3],
            Gen.OneOf("", "a", "b", "bb", "c").Select(name => name == "" ? [] : new[] { new FieldWord("name", name) }),
            Visibility,
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, 5], (hours, code) => (Hours: hours, Code: code)),
            (texts, variants, words, numbers, sorts, visibility, other) =>
                new SearchDocument(
                    id,
                    Noon.AddHours(other.Hours),
                    texts,
                    [.. variants.DistinctBy(variant => variant.Id)]
                )
                {
                    Words = words,
                    Numbers = numbers,
                    Sorts = sorts,
                    Visibility = visibility,
                    Codes = other.Code == 0 ? ["Lamp", "X-1"] : [],
                }
        )
    );

    public static readonly Gen<(Guid Product, VariantChange[] Changes)> Change = AnyId.SelectMany(id =>
        Gen.Select(
                Gen.Int[0, 3],
                Gen.Nullable(Availability),
                Price.Array[0, 2],
                (number, availability, prices) =>
                    new VariantChange(Variant(id, number), availability, [.. prices.DistinctBy(price => price.Book)])
            )
            .Array[1, 2]
            .Select(changes => (id, changes.DistinctBy(change => change.Variant).ToArray()))
    );

    static readonly Gen<NumberRange> Range = Gen.Select(
        Gen.Int[-2, 6],
        Gen.Int[-2, 6],
        Gen.Bool,
        Gen.Int[0, 3],
        (from, to, includes, bounds) =>
            new NumberRange(bounds == 0 ? null : Math.Min(from, to), bounds == 1 ? null : Math.Max(from, to), includes)
    );

    static readonly Gen<SearchFilter> Filter = Gen.Select(
        Gen.Int[0, 6],
        Word.Array[1, 3],
        Range.Array[1, 2],
        Gen.Int[0, 4],
        (kind, words, ranges, not) =>
            (SearchFilter)(
                kind switch
                {
                    0 => new SearchFilter.Range("width", ranges),
                    1 => new SearchFilter.Range(
                        SearchFields.Price,
                        [.. ranges.Select(range => new NumberRange(range.From * 200, range.To * 200, range.IncludesTo))]
                    ),
                    2 => new SearchFilter.Terms(SearchFields.Availability, ["inStock", "backorder"]),
                    _ => new SearchFilter.Terms(
                        words[0].Field,
                        [.. words.Where(word => word.Field == words[0].Field).Select(word => word.Value)]
                    ),
                }
            ) with
            {
                IsNot = not == 0,
            }
    );

    static readonly SearchFacet[] Facets =
    [
        new SearchFacet.Terms("colour"),
        new SearchFacet.Terms("size", 2),
        new SearchFacet.Terms("brand"),
        new SearchFacet.Terms(SearchFields.Availability),
        new SearchFacet.Terms("no such"),
        new SearchFacet.Ranges("width", [new(null, 0), new(0, 2), new(1, 3, true), new(3, null)]),
        new SearchFacet.Ranges(SearchFields.Price, [new(null, 500), new(500, 900), new(900, null)]),
        new SearchFacet.Histogram(SearchFields.Price, 250),
        new SearchFacet.Histogram("weight", 1.5),
    ];

    static readonly Gen<SearchOrder> Order = Gen.Select(
        Gen.Int[0, 5],
        Gen.Bool,
        (by, descending) =>
            by switch
            {
                0 => SearchOrder.Newest with { IsDescending = descending },
                1 => SearchOrder.Price(descending),
                2 => SearchOrder.Number("width", descending),
                3 => SearchOrder.Text("name", descending),
                _ => SearchOrder.Relevance,
            }
    );

    static readonly Gen<string> Question = Gen.Select(
        Gen.OneOf(Typed),
        Gen.OneOf(Typed),
        Gen.OneOf(Typed),
        Gen.Int[0, 11],
        (one, two, three, form) =>
            form switch
            {
                0 or 1 => "",
                2 or 3 or 4 => one,
                5 => one + " ",
                6 => $"{one} {two}",
                7 => $"\"{one} {two}\"",
                8 => $"{one} -{two}",
                9 => $"\"{one} {two} {three}\" {one}",
                10 => $"{one} -\"{two} {three}\" ",
                _ => "x-1",
            }
    );

    static readonly Gen<SearchQuery> Where = Gen.Select(
        Question,
        Gen.OneOf("", ToyLanguage.Tag),
        Gen.OneOf<string?>(null, "web", "shop"),
        Gen.OneOf(Books).Array[0, 2],
        Filter.Array[0, 1],
        Filter.Array[0, 3],
        Gen.OneOf(Facets).Array[0, 6],
        (text, language, channel, books, within, filters, facets) =>
            new SearchQuery(Noon)
            {
                Text = text,
                Language = language,
                Channel = channel,
                Books = books,
                Within = within,
                Filters = filters,
                Facets = [.. facets.Distinct()],
                Synonyms = new Dictionary<string, IReadOnlyList<string>> { ["lamp"] = ["light", "oak table"] },
            }
    );

    public static readonly Gen<SearchQuery> Query = Gen.Select(
        Where,
        Order,
        Gen.Bool,
        Gen.Int[1, 7],
        AnyId.Array[0, 2],
        Word.Array[0, 2],
        Gen.OneOf(50, 150, 300),
        (query, order, last, limit, pins, boosts, percent) =>
            query with
            {
                Order = order,
                UnavailableLast = last,
                Limit = limit,
                Pins = pins.Length == 2 ? pins : [],
                Boosts = [.. boosts.Select(word => new SearchBoost(word.Field, word.Value, percent))],
            }
    );
}
