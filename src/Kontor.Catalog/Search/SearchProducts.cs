using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Products;
using Kontor.Catalog.Search.Asked;
using Kontor.Catalog.Texts;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Search;

/// <summary>Finds products by words, categories, values and prices; counts them; page by page.</summary>
static class SearchProducts
{
    public static void Map(IEndpointRouteBuilder search) =>
        search
            .MapGet("", Handle)
            .WithName("searchProducts")
            .WithSummary(
                "Finds products by words (the last one may be just begun), categories, values and prices, and counts them"
            )
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.QueryRequired,
                Rejections.LocaleMalformed,
                Rejections.SearchNotReady,
                Rejections.SearchAway,
                Refusals.ValidationFailed,
                Refusals.InvalidCursor,
                Refusals.PositionMalformed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );

    /// <param name="q">Words as people type them: each must be there, "two words" as they stand, -word must not be; at most 200
    /// characters. Left out: everything that the rest allows.</param>
    static async Task<FoundReply> Handle(
        SearchDoor door,
        [AsParameters] SearchQueryString asked,
        [AsParameters] PriceQuery prices,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CancellationToken stop,
        string? q = null,
        [Range(1, AskedSearch.MaxLimit)] int limit = 20,
        string? after = null
    )
    {
        if (
            !prices.Read(http.User, locale).Is(out var context, out var refused)
            || !http.AtLeast(door.Topic).Is(out var atLeast, out refused)
        )
            return refused;
        if (context.Everything || context.At is not null)
            return await door.Everything((q, asked), context, (limit, after), http, stop);
        return asked.Read(q, context, limit, after).Is(out var search, out refused)
            ? await door.Find(search, atLeast, http, stop)
            : refused;
    }
}

/// <summary>What searches through the front door have in common.</summary>
sealed class SearchDoor(
    Searching searching,
    ProductCards cards,
    IProductSearch everything,
    Languages languages,
    CatalogDatabase database
)
{
    public string Topic => database.Name;

    public async Task<FoundReply> Find(
        AskedSearch asked,
        Journal.Position? atLeast,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (!(await searching.Find(asked, atLeast, stop)).Is(out var found, out var rejection))
            return rejection;
        var page = await cards.Of([.. found.Answer.Hits.Select(hit => hit.Id)], asked.Context, atLeast, stop);
        http.Tell(asked.Context.Chain, page.Cards.SelectMany(card => card.Languages));
        return FoundReply.Of(
            page.Cards,
            new(
                http.Clock.GetUtcNow(),
                found.Position.ToString(),
                QueryMaker.Next(found.Made, found.Answer),
                found.IsStale || page.IsStale ? true : null,
                found.Answer.Total,
                found.Made.Currency,
                Telling.Facets(found.Shop.Books, found.Made, found.Answer, asked.Context.Chain),
                asked.Words is null ? null : await Telling.Highlights(found, page.Cards, languages.Default, stop)
            )
        );
    }

    /// <summary>For staff: what is not published too, or what another moment shows. The index holds what is shown now, so
    /// the database is asked, and for words alone.</summary>
    public async Task<FoundReply> Everything(
        (string? Words, SearchQueryString Asked) wanted,
        PriceContext context,
        (int Limit, string? After) part,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (string.IsNullOrWhiteSpace(wanted.Words))
            return Rejections.QueryRequired;
        if (wanted.Words.Length > AskedSearch.MaxWords)
            return Refusals.ValidationFailed.At("q", $"1 to {AskedSearch.MaxWords} characters.");
        if (!wanted.Asked.IsPlain())
            return Refusals.ValidationFailed.Because("With view=staff or at, only q finds products.");
        var looking = new Looking(context.Channel, context.At, context.Everything);
        var found = await everything.Find(wanted.Words, part.Limit, part.After, looking, stop);
        if (!found.Is(out var page, out var rejection))
            return rejection;
        var shown = await cards.Of(page.Items, context, null, stop);
        http.Tell(context.Chain, shown.Cards.SelectMany(card => card.Languages));
        return FoundReply.Of(shown.Cards, new(http.Clock.GetUtcNow(), Next: page.Next));
    }
}
