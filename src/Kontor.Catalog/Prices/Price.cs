using Kontor.Contracts.Catalog;
using Kontor.Kernel;

namespace Kontor.Catalog.Prices;

/// <summary>What a price says, whether sent alone or among many.</summary>
/// <param name="Sku">Of which variant.</param>
/// <param name="Amount">0 to 1,000,000,000,000 minor units.</param>
/// <param name="CompareAt">The higher price that it is shown against, in the same currency.</param>
/// <param name="Country">Only for goods that go there, ISO 3166-1.</param>
/// <param name="Channel">Only in this channel.</param>
/// <param name="CustomerGroup">Only for this customer group.</param>
/// <param name="PriceList">In this price list, whose validity and restrictions hold too.</param>
/// <param name="MinQuantity">From this many pieces on, 1 to 1,000,000.</param>
/// <param name="ValidFrom">Its first moment.</param>
/// <param name="ValidUntil">The first moment at which it is over.</param>
sealed record Price(
    string Key,
    string Sku,
    Money Amount,
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
    const long MaxAmount = 1_000_000_000_000;

    /// <summary>What is wrong with it, by member; empty when nothing is.</summary>
    public IEnumerable<(string Path, string Reason)> Faults()
    {
        if (!Keys.Is(Key))
            yield return ("key", Keys.Rule);
        if (!Keys.Is(Sku))
            yield return ("sku", Keys.Rule);
        if (Amount.Amount is < 0 or > MaxAmount)
            yield return ("price.amount", $"0 to {MaxAmount} minor units.");
        if (CompareAt is { } higher && (higher.Currency != Amount.Currency || higher.Amount <= Amount.Amount))
            yield return ("compareAt", "More than the price, in its currency.");
        if (CompareAt is { Amount: > MaxAmount })
            yield return ("compareAt.amount", $"At most {MaxAmount} minor units.");
        if (Country is not null && !PriceContext.IsCountry(Country))
            yield return ("country", PriceContext.CountryRule);
        foreach (var (path, key) in Named)
            if (key is not null && !Keys.Is(key))
                yield return (path, Keys.Rule);
        if (MinQuantity is < 1 or > PriceContext.MaxQuantity)
            yield return ("minQuantity", $"1 to {PriceContext.MaxQuantity}.");
        if (ValidFrom >= ValidUntil)
            yield return ("validUntil", "Later than validFrom.");
    }

    /// <summary>Whether both could apply to the same pieces at the same moment with the same rank.</summary>
    public bool Overlaps(Price other) =>
        (Sku, Amount.Currency, Country, Channel, CustomerGroup, PriceList, MinQuantity)
            == (
                other.Sku,
                other.Amount.Currency,
                other.Country,
                other.Channel,
                other.CustomerGroup,
                other.PriceList,
                other.MinQuantity
            )
        && (ValidFrom is null || other.ValidUntil is null || ValidFrom < other.ValidUntil)
        && (other.ValidFrom is null || ValidUntil is null || other.ValidFrom < ValidUntil);

    /// <summary>To the microsecond, which is what PostgreSQL keeps: what is stored compares equal to what was sent.</summary>
    public Price Kept() => this with { ValidFrom = Kept(ValidFrom), ValidUntil = Kept(ValidUntil) };

    public static DateTimeOffset? Kept(DateTimeOffset? moment) =>
        moment is { } sent ? new DateTimeOffset(sent.UtcTicks - (sent.UtcTicks % 10), TimeSpan.Zero) : null;

    (string Path, string? Key)[] Named =>
        [("channel", Channel), ("customerGroup", CustomerGroup), ("priceList", PriceList)];
}

/// <summary>A price as staff see it.</summary>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
sealed record PriceView(
    string Key,
    string Sku,
    Money Price,
    Money? CompareAt,
    string? Country,
    string? Channel,
    string? CustomerGroup,
    string? PriceList,
    int MinQuantity,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidUntil,
    long Version
)
{
    public static PriceView Of(Price price, long version) =>
        new(
            price.Key,
            price.Sku,
            price.Amount,
            price.CompareAt,
            price.Country,
            price.Channel,
            price.CustomerGroup,
            price.PriceList,
            price.MinQuantity,
            price.ValidFrom,
            price.ValidUntil,
            version
        );
}

/// <summary>A price as it stands.</summary>
sealed record StandingPrice(Price Price, long Version, Guid Product)
{
    public PriceView View => PriceView.Of(Price, Version);

    public PriceSet Happened =>
        new(
            Price.Key,
            Version,
            Product,
            Price.Sku,
            Price.Amount,
            Price.CompareAt,
            Price.Country,
            Price.Channel,
            Price.CustomerGroup,
            Price.PriceList,
            Price.MinQuantity,
            Price.ValidFrom,
            Price.ValidUntil
        );
}
