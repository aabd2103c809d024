using System.ComponentModel.DataAnnotations;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Prices;

/// <summary>How many prices are another now.</summary>
/// <param name="Set">Prices that came or changed.</param>
/// <param name="Unchanged">Prices that stood so already.</param>
/// <param name="Removed">Prices that are no more.</param>
sealed record PricesSet(int Set, int Unchanged, int Removed);

/// <summary>Sets and removes many prices at once, all or none.</summary>
static class SetPrices
{
    public const int MaxRows = 5_000;

    /// <param name="Prices">Prices to be set by their keys, at most 5,000 together with those to be removed.</param>
    /// <param name="Remove">Keys of prices to be removed; one that is not there is no fault.</param>
    public sealed record Request(
        [property: MaxLength(MaxRows)] IReadOnlyList<Row>? Prices = null,
        [property: MaxLength(MaxRows)] IReadOnlyList<string>? Remove = null
    );

    /// <summary>A price as it is set alone, with its key.</summary>
    /// <param name="Version">The version that it must have, 0: it must be new; left out: whatever stands is replaced.</param>
    public sealed record Row(
        [property: Required] string Key,
        [property: Required] string Sku,
        Money Price,
        Money? CompareAt = null,
        string? Country = null,
        string? Channel = null,
        string? CustomerGroup = null,
        string? PriceList = null,
        int MinQuantity = 1,
        DateTimeOffset? ValidFrom = null,
        DateTimeOffset? ValidUntil = null,
        long? Version = null
    )
    {
        internal Price Of() =>
            new Price(
                Key,
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
            .MapPost("", Handle)
            .WithName("setPrices")
            .WithSummary("Sets and removes many prices at once, all or none; 1 to 5,000, in a body of at most 1 MiB")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.PriceNamesUnknown,
                Rejections.PriceOverlaps,
                Rejections.TooManyPrices,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<PricesSet>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Decide(wanted).Is(out var rows, out var rejection))
            return rejection;
        var removed = wanted.Remove ?? [];
        return await Pricing.Again(() => http.Write(database, work => Store(work, rows, removed, stop), stop));
    }

    /// <summary>The rule: the rows to be set, or what is wrong with the request.</summary>
    internal static Result<IReadOnlyList<WantedPrice>> Decide(Request wanted)
    {
        IReadOnlyList<Row?> rows = wanted.Prices ?? [];
        IReadOnlyList<string?> removed = wanted.Remove ?? [];
        if (rows.Count + removed.Count is < 1 or > MaxRows)
            return Refusals.ValidationFailed.At("prices", $"1 to {MaxRows}, with those to be removed.");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var asked = new List<WantedPrice>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is not { } row)
                return Refusals.ValidationFailed.At($"prices[{i}]", "A price is an object with a key.");
            if (!keys.Add(row.Key))
                return Refusals.ValidationFailed.At($"prices[{i}].key", $"'{row.Key}' stands there more than once.");
            asked.Add(new(row.Of(), $"prices[{i}].", row.Version));
        }
        for (var i = 0; i < removed.Count; i++)
            if (!Keys.Is(removed[i]) || !keys.Add(removed[i]!))
                return Refusals.ValidationFailed.At($"remove[{i}]", $"A key that stands there once. {Keys.Rule}");
        return Pricing.Refusal(asked) is { } refusal ? refusal : asked;
    }

    static async Task<Reply<PricesSet>> Store(
        Work work,
        IReadOnlyList<WantedPrice> wanted,
        IReadOnlyList<string> removed,
        CancellationToken stop
    )
    {
        if (wanted.Count > 0 && await PriceNames.Unknown(work, wanted, stop) is { } unknown)
            return unknown;
        var standing = await PriceTable.Lock(work, [.. wanted.Select(w => w.Price.Key), .. removed], stop);
        var gone = removed.Select(standing.GetValueOrDefault).OfType<StandingPrice>().ToList();
        if (gone.Count > 0)
            await Pricing.Remove(work, gone, stop);
        if (wanted.Count == 0)
            return new PricesSet(0, 0, gone.Count);
        if (!(await Pricing.Set(work, wanted, standing, stop)).Is(out var after, out var rejection))
            return rejection;
        var unchanged = after.Count(row => standing.GetValueOrDefault(row.Price.Key)?.Version == row.Version);
        return new PricesSet(after.Count - unchanged, unchanged, gone.Count);
    }
}
