using Kontor.Catalog.Prices;
using Kontor.Kernel;
using Microsoft.AspNetCore.Mvc;

namespace Kontor.Catalog.Search.Asked;

/// <summary>What a search takes in its address beside the words, the context of prices and the language.</summary>
/// <param name="Category">The key of a category: what stands in it or below.</param>
/// <param name="Type">The key of a product type.</param>
/// <param name="Filter">field:value, several of one field: one of them; -field:value: not. Ranges of numbers are written 10..20 (20 is not in
/// it), 10.. or ..=20 (20 is). Fields: category, type, price, availability, and the attributes that are indexed for it.</param>
/// <param name="Facet">What is to be counted: field, field:0..10,10..20 or field:histogram:5; at most 20.</param>
/// <param name="Sort">relevance, newest, price, -price, position (in the category), or an attribute that is indexed for it,
/// with - the other way round. Left out: relevance with words, position with a category, else newest.</param>
/// <param name="Unavailable">last: what cannot be had comes last; hide; mixed.</param>
sealed record SearchQueryString(
    [FromQuery(Name = "category")] string? Category = null,
    [FromQuery(Name = "type")] string? Type = null,
    [FromQuery(Name = "filter")] string[]? Filter = null,
    [FromQuery(Name = "facet")] string[]? Facet = null,
    [FromQuery(Name = "sort")] string? Sort = null,
    [FromQuery(Name = "unavailable")] string Unavailable = AskedSearch.UnavailableLast
)
{
    public bool IsPlain() =>
        Category is null
        && Type is null
        && Filter is null or []
        && Facet is null or []
        && Sort is null
        && Unavailable == AskedSearch.UnavailableLast;

    public Result<AskedSearch> Read(string? words, PriceContext context, int limit, string? after)
    {
        if (
            !AskedText.Filters(Filter ?? []).Is(out var filters, out var rejection)
            || !AskedText.Facets(Facet ?? []).Is(out var facets, out rejection)
        )
            return rejection;
        return new AskedSearch(string.IsNullOrWhiteSpace(words) ? null : words, context)
        {
            Category = Category,
            Type = Type,
            Filters = filters,
            Facets = facets,
            Sort = Sort,
            Unavailable = Unavailable,
            Limit = limit,
            After = after,
        };
    }
}
