using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Search.Asked;
using Kontor.Catalog.Texts;
using Kontor.Journal;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Kontor.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Search.Graph;

/// <summary>The search in GraphQL: the query model of the route, with the products read together.</summary>
static class SearchGraph
{
    public static void Fields(ObjectGraphType query)
    {
        Search(query);
        Suggest(query);
    }

    /// <summary>At most nineteen of them in a query: each may look at the whole catalogue.</summary>
    const int SearchCost = 500;
    const int SuggestCost = 100;

    static void Search(ObjectGraphType query) =>
        query
            .Field<NonNullGraphType<FoundGraph>>("search")
            .Description("Finds products by words, categories, values and prices, and counts them.")
            .Argument<StringGraphType>(
                "query",
                "Words as people type them: each must be there, \"two words\" as they stand, -word must not be."
            )
            .Argument<StringGraphType>("category", "The key of a category: what stands in it or below.")
            .Argument<StringGraphType>("type", "The key of a product type.")
            .Argument<ListGraphType<NonNullGraphType<FilterInputGraph>>>("filters", "All of them must hold.")
            .Argument<ListGraphType<NonNullGraphType<FacetInputGraph>>>("facets", "What is to be counted.")
            .Argument<StringGraphType>(
                "sort",
                "relevance, newest, price, position, or an attribute that is indexed for it; with - the other way round."
            )
            .Argument<NonNullGraphType<UnavailableGraph>>(
                "unavailable",
                "Where products stand of which nothing can be had.",
                unavailable => unavailable.DefaultValue = AskedSearch.UnavailableLast
            )
            .Argument<StringGraphType>(
                "atLeast",
                "A position that a write answered: what it wrote is waited for. Left out: that of the header Kontor-Position."
            )
            .InPages()
            .PricesFor()
            .ResolveAsync(async at =>
            {
                var context = at.Prices();
                if (context.Everything || context.At is not null)
                    throw GraphWords.ErrorOf(
                        Refusals.ValidationFailed.Because(
                            "view and at are for GET /api/v1/search; here what is shown now is found."
                        )
                    );
                var asked = Asked(at, context);
                var found = await at.RequestServices!.GetRequiredService<Searching>()
                    .Find(asked, AtLeast(at), at.CancellationToken);
                return new FoundPage(found.OrError(), context);
            })
            .Costs(SearchCost);

    static AskedSearch Asked(IResolveFieldContext at, PriceContext context)
    {
        var words = at.GetArgument<string?>("query");
        return new(string.IsNullOrWhiteSpace(words) ? null : words, context)
        {
            Category = at.GetArgument<string?>("category"),
            Type = at.GetArgument<string?>("type"),
            Filters = [.. (at.GetArgument<List<FilterInput>?>("filters") ?? []).Select((filter, i) => filter.Asked(i))],
            Facets = [.. (at.GetArgument<List<FacetInput>?>("facets") ?? []).Select((facet, i) => facet.Asked(i))],
            Sort = at.GetArgument<string?>("sort"),
            Unavailable = at.GetArgument<string>("unavailable"),
            Limit = at.First(),
            After = at.After(),
        };
    }

    static Position? AtLeast(IResolveFieldContext at)
    {
        if (at.GetArgument<string?>("atLeast") is not { } written)
            return at.AtLeast(at.RequestServices!.GetRequiredService<CatalogDatabase>().Name);
        return Position.TryParse(written, out var position)
            ? position
            : throw GraphWords.ErrorOf(Refusals.PositionMalformed);
    }

    static void Suggest(ObjectGraphType query) =>
        query
            .Field<NonNullGraphType<ListGraphType<NonNullGraphType<SuggestionGraph>>>>("suggest")
            .Description("Completes the last word that was typed, the most frequent first.")
            .Argument<NonNullGraphType<StringGraphType>>("query", $"1 to {AskedSearch.MaxWords} characters.")
            .Argument<NonNullGraphType<IntGraphType>>(
                "first",
                $"1 to {SuggestWords.MaxLimit}.",
                first => first.DefaultValue = 8
            )
            .Argument<StringGraphType>("channel", "The key of a channel.")
            .InLanguage()
            .ResolveAsync(async at =>
            {
                var (text, first) = (at.GetArgument<string>("query"), at.GetArgument<int>("first"));
                if (text.Length is 0 or > AskedSearch.MaxWords || first is < 1 or > SuggestWords.MaxLimit)
                    throw GraphWords.ErrorOf(
                        Refusals.ValidationFailed.Because(
                            $"query has 1 to {AskedSearch.MaxWords} characters, first is 1 to {SuggestWords.MaxLimit}."
                        )
                    );
                var words = await at.RequestServices!.GetRequiredService<Searching>()
                    .Suggest(
                        (text, first, at.GetArgument<string?>("channel")),
                        at.Chain(),
                        AtLeast(at),
                        at.CancellationToken
                    );
                return words.OrError().Words.Select(word => new SuggestionView(word.Text, word.Products));
            })
            .CountedAs(SuggestWords.MaxLimit)
            .Costs(SuggestCost);
}

/// <summary>A page of what was found, and for whom.</summary>
sealed record FoundPage(Searched Found, PriceContext Context);

/// <summary>A product of such a page.</summary>
sealed record FoundHit(FoundPage Page, SearchHit Hit);

sealed class FoundGraph : ObjectGraphType<FoundPage>
{
    public FoundGraph()
    {
        Name = "SearchConnection";
        Description = "A page of what was found.";
        Field<NonNullGraphType<IntGraphType>>("total")
            .Resolve(at => at.Source.Found.Answer.Total)
            .Description("How many products match in all.");
        Field<NonNullGraphType<BooleanGraphType>>("stale")
            .Resolve(at => at.Source.Found.IsStale)
            .Description("It may be older than the position asked for, or than what stands.");
        Field<NonNullGraphType<StringGraphType>>("position")
            .Resolve(at => at.Source.Found.Position.ToString())
            .Description("How far the index had come.");
        Field<StringGraphType>("currency")
            .Resolve(at => at.Source.Found.Made.Currency)
            .Description("What prices were filtered, counted and sorted in; null where none is known.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<FoundHitGraph>>>>("nodes")
            .Resolve(at => at.Source.Found.Answer.Hits.Select(hit => new FoundHit(at.Source, hit)));
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<FacetGraph>>>>("facets")
            .Resolve(at =>
                Telling.Facets(
                    at.Source.Found.Shop.Books,
                    at.Source.Found.Made,
                    at.Source.Found.Answer,
                    at.Source.Context.Chain
                ) ?? []
            )
            .Description("What was to be counted, in that order.");
        Field<NonNullGraphType<PageGraph>>("pageInfo")
            .Resolve(at => new PageEnd(QueryMaker.Next(at.Source.Found.Made, at.Source.Found.Answer)));
    }
}

sealed class FoundHitGraph : ObjectGraphType<FoundHit>
{
    public FoundHitGraph()
    {
        Name = "SearchHit";
        Description = "A product that was found.";
        Field<NonNullGraphType<IdGraphType>>("id").Resolve(at => at.Source.Hit.Id);
        Field<ProductGraph>("product")
            .Description("Null where it went since it was found.")
            .Resolve(at => Product(at, at.Source));
        Field<LongGraphType>("price")
            .Resolve(at => at.Source.Hit.Price)
            .Description("The lowest among its variants that match, in minor units; null where none has one.");
        Field<NonNullGraphType<BooleanGraphType>>("available")
            .Resolve(at => at.Source.Hit.IsAvailable)
            .Description("Whether a variant that matches can be had.");
    }

    static object Product(IResolveFieldContext at, FoundHit hit) =>
        at.Load<Guid, ProductView?>(
            (nameof(SearchGraph), hit.Page.Context),
            hit.Hit.Id,
            async (ids, stop) =>
            {
                var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                await using var connection = await database.Source.OpenConnectionAsync(stop);
                Guid[] wanted = [.. ids.Distinct()];
                var found = (await ProductReader.Of(connection, wanted, hit.Page.Context, stop)).ToDictionary(p =>
                    p.Id
                );
                return [.. ids.Select(found.GetValueOrDefault)];
            }
        );
}

sealed class SuggestionGraph : ObjectGraphType<SuggestionView>
{
    public SuggestionGraph()
    {
        Name = "Suggestion";
        Description = "What may have been meant.";
        Field<NonNullGraphType<StringGraphType>>("text").Description("What was typed, its last word complete.");
        Field<NonNullGraphType<IntGraphType>>("products").Description("How many have it all; counted up to 1,000.");
    }
}
