using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Stock;

/// <summary>The variants asked for, as they are offered now; a SKU that does not exist is missing.</summary>
public sealed record OfferList(IReadOnlyList<Offer> Offers);

/// <summary>Says what variants are called and cost, and whether they can be had.</summary>
static class AskOffers
{
    public const int MaxSkus = 500;

    /// <param name="Skus">1 to 500.</param>
    /// <param name="Currency">The currency of the prices, ISO 4217.</param>
    public sealed record Request(
        [property: Required, MinLength(1), MaxLength(MaxSkus)] IReadOnlyList<string> Skus,
        [property: Required] string Currency
    );

    public static void Map(IEndpointRouteBuilder offers) =>
        offers
            .MapPost("", Handle)
            .WithName("askOffers")
            .WithSummary(
                "Titles, prices and availability of variants by SKU; reads only, and is a POST for its long list"
            )
            .WithMetadata(new RouteClass(RouteClass.Service))
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.ValidationFailed);

    static async Task<Reply<OfferList>> Handle(Request wanted, ICatalog catalog, CancellationToken stop)
    {
        if (!Currencies.Exists(wanted.Currency))
            return Refusals.ValidationFailed.At("currency", "It is not an ISO 4217 currency.");
        if (wanted.Skus.Any(sku => sku is null))
            return Refusals.ValidationFailed.At("skus", "A SKU cannot be null.");
        var offers = await catalog.Offers(wanted.Skus.Distinct(StringComparer.Ordinal).ToList(), wanted.Currency, stop);
        return new OfferList([.. offers.Values.OrderBy(offer => offer.Sku, StringComparer.Ordinal)]);
    }
}
