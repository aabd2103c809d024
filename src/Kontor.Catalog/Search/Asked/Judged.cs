using System.Globalization;
using Kontor.Catalog.Search.Documents;
using Kontor.Catalog.Search.Fields;
using Kontor.Catalog.Search.Following;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Kontor.Search;

namespace Kontor.Catalog.Search.Asked;

/// <summary>What was asked by the names of callers, as the index knows it; or why it cannot be asked.</summary>
sealed class Judged(SearchedShop shop, AskedSearch asked)
{
    static readonly string[] Classes = ["inStock", "preorder", "backorder", "outOfStock"];

    readonly ShopBooks books = shop.Books;

    /// <summary>Of prices: asked for, the channel's, or the only one there is.</summary>
    readonly string? currency =
        asked.Context.Currency
        ?? (asked.Context.Channel is { } channel ? shop.Books.Currencies.GetValueOrDefault(channel) : null)
        ?? (shop.Currencies is [var only] ? only : null);

    public IReadOnlyList<string> PriceBooksAsked =>
        currency is { } known
            ? PriceBooks.Asked(known, new(asked.Context.Country, asked.Context.Channel, asked.Context.CustomerGroup))
            : [];

    public string? PriceCurrency => currency;

    public Result<SearchFilter> Filter(AskedFilter filter)
    {
        switch (filter.Field)
        {
            case FieldBook.Price:
                return NeedsCurrency(filter.Path) is { } refusal
                    ? refusal
                    : Ranges(SearchFields.Price, filter, NumberOf);
            case FieldBook.Availability:
                return Listed(
                    SearchFields.Availability,
                    filter,
                    Classes.Contains,
                    $"One of {string.Join(", ", Classes)}."
                );
            case FieldBook.Category:
                return Listed(FieldBook.Category, filter, key => books.Categories.Find(key) is not null, NoCategory);
            case FieldBook.Type:
                return Listed(FieldBook.Type, filter, books.Fields.Types.ContainsKey, NoType);
            default:
                break;
        }
        var isNumber = filter.Values.All(value => value.Range is not null);
        if (!Only(filter.Path, filter.Field, AttributeUse.Filter, isNumber).Is(out var field, out var rejection))
            return rejection;
        return field.Family switch
        {
            FieldFamily.Words => field.Values is { } values
                ? Listed(field.NameIn(), filter, values.Contains, $"One of {Told(values)}.")
                : Listed(field.NameIn(), filter, _ => true, ""),
            FieldFamily.Time => Ranges(field.NameIn(), filter, TimeOf),
            FieldFamily.Money => InCurrency(filter.Path, filter.Field, field)
                .Then(name => Ranges(name, filter, NumberOf)),
            _ => Ranges(field.NameIn(), filter, NumberOf),
        };
    }

    public Result<SearchFacet> Facet(AskedFacet facet)
    {
        var isCounted = facet.Ranges is not null || facet.Width is not null;
        switch (facet.Field)
        {
            case FieldBook.Price when NeedsCurrency(facet.Path) is { } refusal:
                return refusal;
            case FieldBook.Price:
                return Numbers(SearchFields.Price, facet, NumberOf);
            case FieldBook.Availability when !isCounted:
                return new SearchFacet.Terms(SearchFields.Availability);
            case FieldBook.Category or FieldBook.Type when !isCounted:
                return new SearchFacet.Terms(facet.Field);
            default:
                break;
        }
        if (!Only(facet.Path, facet.Field, AttributeUse.Facet, isCounted).Is(out var field, out var rejection))
            return rejection;
        if (field.Family == FieldFamily.Words)
            return isCounted
                ? Wrong(
                    facet.Path,
                    $"{facet.Field} has words, which are counted one by one: leave out what follows it."
                )
                : new SearchFacet.Terms(field.NameIn());
        if (field.Family == FieldFamily.Money)
            return InCurrency(facet.Path, facet.Field, field).Then(name => Numbers(name, facet, NumberOf));
        return Numbers(field.NameIn(), facet, field.Family == FieldFamily.Time ? TimeOf : NumberOf);
    }

    /// <summary>The order that an attribute gives.</summary>
    public Result<SearchOrder> Order(string name, bool isDescending)
    {
        if (!Only("sort", name, AttributeUse.Sort, isNumber: null).Is(out var field, out var rejection))
            return rejection;
        if (field.Family == FieldFamily.Words)
            return SearchOrder.Text(field.NameIn(), isDescending);
        if (field.Family == FieldFamily.Money)
            return InCurrency("sort", name, field).Then<SearchOrder>(in_ => SearchOrder.Number(in_, isDescending));
        return SearchOrder.Number(field.NameIn(), isDescending);
    }

    /// <summary>By the names of the index; one of a field that there is not, or no more, says nothing.</summary>
    public IReadOnlyList<SearchBoost> Boosts(IReadOnlyList<SearchBoost> named) =>
        [
            .. named
                .SelectMany(boost =>
                    FieldBook.OfAll.Contains(boost.Field, StringComparer.Ordinal)
                        ? [boost]
                        : books
                            .Fields.Find(boost.Field, AttributeUse.Filter)
                            .Concat(books.Fields.Find(boost.Field, AttributeUse.Facet))
                            .Where(field => field.Family == FieldFamily.Words)
                            .Select(field => boost with { Field = field.NameIn() })
                            .Distinct()
                )
                .Take(SearchQuery.MaxBoosts),
        ];

    public Rejection? NeedsCurrency(string path) =>
        currency is not null || shop.Currencies.Count == 0
            ? null
            : Wrong(
                "currency",
                $"{path} is about prices, which are in {string.Join(", ", shop.Currencies)}: name one."
            );

    public Rejection? Category(string path, string key) =>
        books.Categories.Find(key) is null ? Wrong(path, NoCategory) : null;

    public Rejection? Type(string key) => books.Fields.Types.ContainsKey(key) ? null : Wrong("type", NoType);

    const string NoCategory = "There is no such category.";

    string NoType => $"One of {Told(books.Fields.Types.Keys)}.";

    /// <summary>The one attribute that a name means; where types disagree, that whose values can be asked for so.</summary>
    Result<AttributeField> Only(string path, string name, AttributeUse use, bool? isNumber)
    {
        var fields = books.Fields.Find(name, use);
        if (fields.Count > 1 && isNumber is { } wanted)
            fields = [.. fields.Where(field => field.Family != FieldFamily.Words == wanted)];
        if (fields is [var only])
            return only;
        return Wrong(
            path,
            fields.Count == 0
                ? $"'{name}' is no field for this. {books.Fields.Known(use, use == AttributeUse.Sort ? [] : FieldBook.OfAll)}"
                : $"Types mean different things by '{name}': say {string.Join(" or ", fields.Select(f => f.ExactName))}."
        );
    }

    Result<string> InCurrency(string path, string name, AttributeField field) =>
        (FieldBook.CurrencyIn(name) ?? asked.Context.Currency) is { } named
            ? field.NameIn(named)
            : Wrong(path, $"{field.Key} is money: name a currency, or say {field.Key}.EUR.");

    static Result<SearchFilter> Listed(string name, AskedFilter filter, Func<string, bool> isKnown, string rule)
    {
        foreach (var value in filter.Values)
            if (!isKnown(value.Value))
                return Wrong(filter.Path, $"'{value.Value}' is not known. {rule}");
        return new SearchFilter.Terms(name, [.. filter.Values.Select(value => AttributeWords.Cut(value.Value))])
        {
            IsNot = filter.IsNot,
        };
    }

    static Result<SearchFilter> Ranges(string name, AskedFilter filter, Func<string, double?> read)
    {
        var ranges = new List<NumberRange>();
        foreach (var value in filter.Values)
            if (RangeOf(value.Range ?? new(value.Value, value.Value, IncludesTo: true), read) is { } range)
                ranges.Add(range);
            else
                return Wrong(filter.Path, NoRange);
        return new SearchFilter.Range(name, ranges) { IsNot = filter.IsNot };
    }

    static Result<SearchFacet> Numbers(string name, AskedFacet facet, Func<string, double?> read)
    {
        if (facet.Width is { } width)
            return new SearchFacet.Histogram(name, width);
        if (facet.Ranges is null)
            return Wrong(
                facet.Path,
                $"{facet.Field} has numbers: say which ranges, {facet.Field}:0..10,10..20, or {facet.Field}:histogram:5."
            );
        var ranges = facet.Ranges.Select(range => RangeOf(range, read)).ToList();
        return ranges.TrueForAll(range => range is not null)
            ? new SearchFacet.Ranges(name, [.. ranges.Select(range => range!.Value)])
            : Wrong(facet.Path, NoRange);
    }

    const string NoRange =
        "A number or a range of numbers such as 10..20, 10.. or ..=20; days and moments are written as 2026-11-23 or 2026-11-23T06:30:00Z.";

    static NumberRange? RangeOf(AskedRange range, Func<string, double?> read)
    {
        var (from, to) = (range.From is null ? null : read(range.From), range.To is null ? null : read(range.To));
        return (range.From is not null && from is null) || (range.To is not null && to is null)
            ? null
            : new NumberRange(from, to, range.IncludesTo);
    }

    static double? NumberOf(string text) =>
        text.Length <= 40
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    static double? TimeOf(string text) => text.Length is >= 10 and <= 40 ? AttributeWords.SecondsOf(text) : null;

    static string Told(IEnumerable<string> values)
    {
        var known = values.Order(StringComparer.Ordinal).ToList();
        return known.Count <= 30
            ? string.Join(", ", known)
            : $"{string.Join(", ", known.Take(30))} … ({known.Count} in all)";
    }

    static Rejection Wrong(string path, string reason) => Refusals.ValidationFailed.At(path, reason);
}
