using System.ComponentModel.DataAnnotations;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Prices;

/// <summary>Sets one price: a new one, or with If-Match one that stands.</summary>
static class SetPrice
{
    /// <param name="Sku">Of which variant.</param>
    /// <param name="Price">0 to 1,000,000,000,000 minor units.</param>
    /// <param name="CompareAt">The higher price that it is shown against, in the same currency.</param>
    /// <param name="Country">Only for goods that go there, ISO 3166-1.</param>
    /// <param name="Channel">Only in this channel.</param>
    /// <param name="CustomerGroup">Only for this customer group.</param>
    /// <param name="PriceList">In this price list, whose validity and restrictions hold too.</param>
    /// <param name="MinQuantity">From this many pieces on, 1 to 1,000,000.</param>
    /// <param name="ValidFrom">Its first moment; left out: it is valid already.</param>
    /// <param name="ValidUntil">The first moment at which it is over; left out: never.</param>
    public sealed record Request(
        [property: Required] string Sku,
        Money Price,
        Money? CompareAt = null,
        string? Country = null,
        string? Channel = null,
        string? CustomerGroup = null,
        string? PriceList = null,
        int MinQuantity = 1,
        DateTimeOffset? ValidFrom = null,
        DateTimeOffset? ValidUntil = null
    )
    {
        public Price Of(string key) =>
            new Price(
                key,
                Sku,
                Price,
                CompareAt,
                Country,
                Channel,
                CustomerGroup,
                PriceList,
                MinQuantity,
                ValidFrom,
                ValidUntil
            ).Kept();
    }

    public static void Map(IEndpointRouteBuilder prices) =>
        prices
            .MapPut("/{price}", Handle)
            .WithName("setPrice")
            .WithSummary("Sets a price by its key: a new one, or with If-Match one that stands")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.PriceNamesUnknown,
                Rejections.PriceOverlaps,
                Rejections.TooManyPrices,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<PriceView>> Handle(
        string price,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Expectation.Of(http).Is(out var expected, out var rejection))
            return rejection;
        var asked = new WantedPrice(wanted.Of(price));
        return Pricing.Refusal([asked]) is { } refusal
            ? refusal
            : await Pricing.Again(() => http.Write(database, work => Store(work, asked, expected, stop), stop));
    }

    static async Task<Reply<PriceView>> Store(
        Work work,
        WantedPrice asked,
        Expectation expected,
        CancellationToken stop
    )
    {
        var key = asked.Price.Key;
        if (await PriceNames.Unknown(work, [asked], stop) is { } unknown)
            return unknown;
        var standing = await PriceTable.Lock(work, [key], stop);
        var found = standing.GetValueOrDefault(key);
        if (expected.Decide(found?.Version) is { } refusal)
            return refusal;
        if (!(await Pricing.Set(work, [asked], standing, stop)).Is(out var after, out var rejection))
            return rejection;
        var view = after[0].View;
        var reply = Reply<PriceView>.Of(
            view,
            found is null ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            view.Version,
            found is null ? $"/api/v1/prices/{key}" : null
        );
        if (view.Version == found?.Version)
            reply.Position = (await work.Standing($"price-{key}", stop)).ToString();
        return reply;
    }
}
