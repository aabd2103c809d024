using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Prices;
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
    /// <param name="Quantities">Pieces of each SKU, in their order, which decide upon tier prices; left out: one of each.</param>
    /// <param name="Country">Where the goods go, ISO 3166-1.</param>
    /// <param name="Channel">The key of a channel.</param>
    /// <param name="CustomerGroup">The key of a customer group.</param>
    public sealed record Request(
        [property: Required, MinLength(1), MaxLength(MaxSkus)] IReadOnlyList<string> Skus,
        [property: Required] string Currency,
        [property: MaxLength(MaxSkus)] IReadOnlyList<int>? Quantities = null,
        string? Country = null,
        string? Channel = null,
        string? CustomerGroup = null
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
        if (!Decide(wanted).Is(out var question, out var rejection))
            return rejection;
        var offers = await catalog.Offers(question, stop);
        return new OfferList([.. offers.Values.OrderBy(offer => offer.Sku, StringComparer.Ordinal)]);
    }

    /// <summary>The rule: the question as the catalogue takes it, or what is wrong with it.</summary>
    internal static Result<OfferQuestion> Decide(Request wanted)
    {
        var context = new PriceContext(wanted.Currency, wanted.Country, wanted.Channel, wanted.CustomerGroup);
        if (context.Faults() is { Count: > 0 } faults)
            return Refusals.ValidationFailed with { Errors = faults };
        if (wanted.Skus.Any(sku => sku is null))
            return Refusals.ValidationFailed.At("skus", "A SKU cannot be null.");
        var skus = wanted.Skus.Distinct(StringComparer.Ordinal).ToList();
        var quantities = wanted.Quantities ?? [.. skus.Select(_ => 1)];
        if (quantities.Count != skus.Count || (wanted.Quantities is not null && skus.Count != wanted.Skus.Count))
            return Refusals.ValidationFailed.At("quantities", "One for each SKU, and no SKU twice.");
        if (quantities.Any(quantity => quantity is < 1 or > PriceContext.MaxQuantity))
            return Refusals.ValidationFailed.At("quantities", $"Each 1 to {PriceContext.MaxQuantity}.");
        return new OfferQuestion(
            [.. skus.Zip(quantities, (sku, quantity) => new OfferWish(sku, quantity))],
            wanted.Currency,
            wanted.Country,
            wanted.Channel,
            wanted.CustomerGroup
        );
    }
}
