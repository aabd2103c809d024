using Kontor.Catalog.Search.Fields;
using Kontor.Catalog.Search.Following;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Kontor.Search;

namespace Kontor.Catalog.Search.Asked;

/// <summary>A query that the index understands, with what its answer is told by.</summary>
/// <param name="Sort">The order by name: a cursor is of one order.</param>
/// <param name="Facets">As they were asked, in the order of the query's.</param>
/// <param name="Currency">That prices are of; null where none is known.</param>
sealed record MadeQuery(SearchQuery Query, string Sort, IReadOnlyList<AskedFacet> Facets, string? Currency);

/// <summary>Makes one query of what somebody asks: the same for every door.</summary>
static class QueryMaker
{
    public const string Relevance = "relevance";
    public const string Newest = "newest";
    public const string Price = "price";
    public const string Position = "position";
    const int MaxSort = 120;
    static readonly string[] Sorts = [Relevance, Newest, Price, $"-{Price}", Position];

    public static Result<MadeQuery> Make(SearchedShop shop, AskedSearch asked, Languages languages, DateTimeOffset now)
    {
        if (Bounds(asked) is { } unbounded)
            return unbounded;
        var judged = new Judged(shop, asked);
        var sort = asked.Sort ?? Usual(asked);
        if (
            !Order(judged, asked, sort).Is(out var order, out var rejection)
            || !Within(judged, asked).Is(out var within, out rejection)
            || !Each(asked.Filters, judged.Filter).Is(out var filters, out rejection)
            || !Each(asked.Facets, judged.Facet).Is(out var facets, out rejection)
            || !After(asked.After, sort).Is(out var after, out rejection)
        )
            return rejection;
        var language = asked.Context.Chain?.Locales[0] ?? languages.Default;
        var wanted = shop.Books.Rules.RulesFor(asked.Words, asked.Category, asked.Context.Channel, language, now);
        var query = new SearchQuery(now)
        {
            Text = asked.Words ?? "",
            Language = language,
            Synonyms = wanted.Synonyms,
            Boosts = judged.Boosts(wanted.Boosts),
            AlsoIn = [.. asked.Context.Chain?.Locales.Skip(1).Take(SearchQuery.MaxLanguages) ?? []],
            Channel = asked.Context.Channel,
            Books = judged.PriceBooksAsked,
            Within = within,
            Filters = filters,
            Facets = facets,
            Order = order,
            UnavailableLast = asked.Unavailable == AskedSearch.UnavailableLast,
            Limit = asked.Limit,
            After = after,
            // Who asks for another order than the usual one gets that.
            Pins =
                sort == Usual(asked) ? [.. wanted.Pins.Union(Placed(shop, asked, sort)).Take(SearchQuery.MaxPins)] : [],
        };
        return query.Faults().FirstOrDefault() is { Reason: { } reason } fault
            ? Refusals.ValidationFailed.At(fault.Path, reason)
            : new MadeQuery(query, sort, asked.Facets, judged.PriceCurrency);
    }

    /// <summary>Words: the best first. A category: in its order. Else the newest first.</summary>
    static string Usual(AskedSearch asked)
    {
        if (asked.Words is not null)
            return Relevance;
        return asked.Category is null ? Newest : Position;
    }

    static Rejection? Bounds(AskedSearch asked)
    {
        static Rejection At(string path, string reason) => Refusals.ValidationFailed.At(path, reason);
        return asked switch
        {
            { Words.Length: > AskedSearch.MaxWords } => At("q", $"1 to {AskedSearch.MaxWords} characters."),
            { Sort.Length: > MaxSort } => At("sort", $"At most {MaxSort} characters."),
            { Limit: < 1 or > AskedSearch.MaxLimit } => At("limit", $"1 to {AskedSearch.MaxLimit}."),
            { Filters.Count: > AskedSearch.MaxFilters } => At("filter", $"At most {AskedSearch.MaxFilters} fields."),
            { Facets.Count: > AskedSearch.MaxFacets } => At("facet", $"At most {AskedSearch.MaxFacets}."),
            {
                Unavailable: not (
                    AskedSearch.UnavailableLast
                    or AskedSearch.UnavailableHidden
                    or AskedSearch.UnavailableMixed
                )
            } => At("unavailable", "last, hide or mixed."),
            _ => null,
        };
    }

    static Result<SearchOrder> Order(Judged judged, AskedSearch asked, string sort)
    {
        switch (sort)
        {
            case Relevance:
                return SearchOrder.Relevance;
            case Newest:
                return SearchOrder.Newest;
            case Price or $"-{Price}":
                return judged.NeedsCurrency("sort") is { } refusal ? refusal : SearchOrder.Price(sort[0] == '-');
            case Position when asked.Category is null:
                return Refusals.ValidationFailed.At("sort", "A position is one in a category: name it.");
            case Position when asked.Words is not null:
                return Refusals.ValidationFailed.At(
                    "sort",
                    "A position is one on a category's page: leave the words out."
                );
            case Position:
                return SearchOrder.Newest;
            default:
                var isDescending = sort.StartsWith('-');
                var made = judged.Order(isDescending ? sort[1..] : sort, isDescending);
                return made.Is(out var order, out var rejection)
                    ? order
                    : Refusals.ValidationFailed.At(
                        "sort",
                        $"{string.Join(", ", Sorts)}, or an attribute. {rejection.Errors?["sort"][0]}"
                    );
        }
    }

    static Result<IReadOnlyList<SearchFilter>> Within(Judged judged, AskedSearch asked)
    {
        var within = new List<SearchFilter>();
        if (asked.Category is { } category)
        {
            if (judged.Category("category", category) is { } unknown)
                return unknown;
            within.Add(new SearchFilter.Terms(FieldBook.Category, [category]));
        }
        if (asked.Type is { } type)
        {
            if (judged.Type(type) is { } unknown)
                return unknown;
            within.Add(new SearchFilter.Terms(FieldBook.Type, [type]));
        }
        if (asked.Unavailable == AskedSearch.UnavailableHidden)
            within.Add(new SearchFilter.Terms(SearchFields.Availability, ["inStock", "preorder", "backorder"]));
        return within;
    }

    static IReadOnlyList<Guid> Placed(SearchedShop shop, AskedSearch asked, string sort) =>
        sort == Position && asked.Category is { } category && shop.Books.Categories.Find(category) is { } known
            ? known.Placed
            : [];

    static Result<IReadOnlyList<TMade>> Each<TAsked, TMade>(
        IReadOnlyList<TAsked> asked,
        Func<TAsked, Result<TMade>> make
    )
    {
        var made = new List<TMade>(asked.Count);
        foreach (var one in asked)
            if (make(one).Is(out var known, out var rejection))
                made.Add(known);
            else
                return rejection;
        return made;
    }

    static Result<SearchCursor?> After(string? after, string sort)
    {
        if (after is null)
            return (SearchCursor?)null;
        if (!Cursor.Read(after, 2).Is(out var values, out var rejection))
            return rejection;
        return values[0] == sort && SearchCursor.Read(values[1]) is { } cursor ? cursor : Refusals.InvalidCursor;
    }

    public static string? Next(MadeQuery made, SearchAnswer answer) =>
        answer.Next is { } next ? Cursor.Write(made.Sort, next.Write()) : null;
}
