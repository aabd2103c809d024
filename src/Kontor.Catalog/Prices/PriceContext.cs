using System.Security.Claims;
using Kontor.Catalog.Texts;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kontor.Catalog.Prices;

/// <summary>For whom, where and how many: what decides which price of a variant wins, and which products are shown.</summary>
/// <param name="Currency">Null: the winner in each currency.</param>
/// <param name="Quantity">Pieces; of 0 pieces only the base prices are seen.</param>
/// <param name="At">Null: the moment of the statement, by the database's clock.</param>
/// <param name="Everything">Products are shown that are not published, or deleted, or of other channels.</param>
sealed record PriceContext(
    string? Currency = null,
    string? Country = null,
    string? Channel = null,
    string? CustomerGroup = null,
    int Quantity = 1,
    DateTimeOffset? At = null,
    bool Everything = false
)
{
    public const int MaxQuantity = 1_000_000;

    /// <summary>Where texts are looked for; null: those in the shop's own language are wanted, and no word of others.</summary>
    public LocaleChain? Chain { get; init; }

    /// <summary>Whoever passes by.</summary>
    public static readonly PriceContext Anybody = new();

    /// <summary>What products are written with: base prices, whatever else is set.</summary>
    public static readonly PriceContext Base = new(Quantity: 0, Everything: true);

    /// <summary>What is wrong with it, by parameter; empty when nothing is.</summary>
    public Dictionary<string, string[]> Faults()
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (Currency is not null && !Currencies.Exists(Currency))
            faults["currency"] = ["It is not an ISO 4217 currency."];
        if (Country is not null && !IsCountry(Country))
            faults["country"] = [CountryRule];
        if (Channel is not null && !Keys.Is(Channel))
            faults["channel"] = [Keys.Rule];
        if (CustomerGroup is not null && !Keys.Is(CustomerGroup))
            faults["customerGroup"] = [Keys.Rule];
        if (Quantity is < 1 or > MaxQuantity)
            faults["quantity"] = [$"1 to {MaxQuantity}."];
        return faults;
    }

    public const string CountryRule = "Two upper-case letters of ISO 3166-1: SE, DE, US.";

    public static bool IsCountry(string country) => country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];
}

/// <summary>The context as reads take it in their query.</summary>
/// <param name="Currency">Only prices in this ISO 4217 currency.</param>
/// <param name="Country">Where the goods go, ISO 3166-1: SE, DE, US.</param>
/// <param name="Channel">The key of a channel.</param>
/// <param name="CustomerGroup">The key of a customer group; needs the scope catalog:read.</param>
/// <param name="Quantity">Pieces to be bought, which decide upon tier prices.</param>
/// <param name="At">The moment whose prices are wanted; left out: now. Needs the scope catalog:read.</param>
/// <param name="View"><c>staff</c>: also what is not published, deleted or of other channels. Needs the scope catalog:read.</param>
sealed record PriceQuery(
    [FromQuery(Name = "currency")] string? Currency = null,
    [FromQuery(Name = "country")] string? Country = null,
    [FromQuery(Name = "channel")] string? Channel = null,
    [FromQuery(Name = "customerGroup")] string? CustomerGroup = null,
    [FromQuery(Name = "quantity")] int Quantity = 1,
    [FromQuery(Name = "at")] DateTimeOffset? At = null,
    [FromQuery(Name = "view")] string? View = null
)
{
    const string StaffView = "staff";

    /// <summary>With the language that texts are wanted in.</summary>
    public Result<PriceContext> Read(ClaimsPrincipal caller, LocaleQuery locale) =>
        locale.Read(out var chain) is { } malformed
            ? malformed
            : Read(caller).Then<PriceContext>(context => context with { Chain = chain });

    /// <summary>The context asked for, where this caller may: what a group pays, or will be asked tomorrow, is not for
    /// everybody.</summary>
    public Result<PriceContext> Read(ClaimsPrincipal caller)
    {
        var at = At?.ToUniversalTime();
        var wanted = new PriceContext(Currency, Country, Channel, CustomerGroup, Quantity, at, View == StaffView);
        if (wanted.Faults() is { Count: > 0 } faults)
            return Refusals.ValidationFailed with { Errors = faults };
        if (View is not (null or StaffView))
            return Refusals.ValidationFailed.At("view", $"Left out, or {StaffView}.");
        if (wanted is { CustomerGroup: null, At: null, Everything: false } || caller.HasScope(Scopes.CatalogRead))
            return wanted;
        var refusal = caller.Identity?.IsAuthenticated == true ? Refusals.Forbidden : Refusals.Unauthenticated;
        return refusal.Because($"customerGroup, at and view need the scope {Scopes.CatalogRead}.");
    }
}
