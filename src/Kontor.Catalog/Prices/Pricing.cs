using Kontor.Contracts.Catalog;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Prices;

/// <summary>A price to be set, where it stands in the request, and the version that it is expected to have.</summary>
/// <param name="Path">Before each member in errors: <c>prices[3].</c>, or nothing.</param>
/// <param name="Expected">Null: any, or none.</param>
sealed record WantedPrice(Price Price, string Path = "", long? Expected = null);

/// <summary>Sets and removes prices in one transaction, all or none; shared by the single price and the many.</summary>
static class Pricing
{
    public const int MaxOfVariant = 2_000;
    const int Attempts = 3;

    /// <summary>What is wrong with the request itself, before anything is looked up.</summary>
    public static Rejection? Refusal(IReadOnlyList<WantedPrice> wanted)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (price, path, _) in wanted)
        foreach (var (member, reason) in price.Faults())
            faults.TryAdd(path + member, [reason]);
        return faults.Count == 0 ? null : Refusals.ValidationFailed with { Errors = faults };
    }

    /// <summary>Runs a write again when another set an overlapping price between its look and its insert: the second look
    /// finds that one and names it.</summary>
    public static async Task<Reply<T>> Again<T>(Func<Task<Reply<T>>> write)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await write();
            }
            catch (PostgresException met) when (met.ConstraintName == "prices_do_not_overlap")
            {
                if (attempt == Attempts)
                    return Rejections.PriceOverlaps;
            }
            catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                // A channel, group or list went between the look and the insert: the second look says which.
                if (attempt == Attempts)
                    return Rejections.PriceNamesUnknown;
            }
    }

    /// <summary>The rows after it, in the order of their keys, those that were so already too; or a refusal.</summary>
    public static async Task<Result<IReadOnlyList<StandingPrice>>> Set(
        Work work,
        IReadOnlyList<WantedPrice> wanted,
        IReadOnlyDictionary<string, StandingPrice> standing,
        CancellationToken stop
    )
    {
        foreach (var price in wanted)
            if (price.Expected is { } version && version != (standing.GetValueOrDefault(price.Price.Key)?.Version ?? 0))
                return Other(price);
        var changed = wanted.Where(w => standing.GetValueOrDefault(w.Price.Key)?.Price != w.Price).ToList();
        if (changed.Count == 0)
            return InOrder(wanted.Select(w => standing[w.Price.Key]));
        if (Among(changed) is { } met)
            return met;
        if (await Meeting(work, changed, stop) is { } overlap)
            return overlap;
        var written = await PriceTable.Write(work, [.. changed.Select(w => w.Price)], stop);
        if (await Crowded(work, written, stop) is { } sku)
            return Rejections.TooManyPrices.Because($"'{sku}' would have more than {MaxOfVariant}.");
        // One that came between the look and the write, where it had to be new.
        foreach (var price in written.Where(price => price.Version != 1))
            if (changed.Find(w => w.Price.Key == price.Price.Key) is { Expected: 0 } late)
                return Other(late);
        foreach (var price in written)
            work.Happened(
                $"price-{price.Price.Key}",
                price.Happened with
                {
                    LeftProduct = Left(standing.GetValueOrDefault(price.Price.Key), price),
                }
            );
        var keys = written.Select(price => price.Price.Key).ToHashSet(StringComparer.Ordinal);
        return InOrder([
            .. written,
            .. wanted.Where(w => !keys.Contains(w.Price.Key)).Select(w => standing[w.Price.Key]),
        ]);
    }

    public static async Task Remove(Work work, IReadOnlyList<StandingPrice> prices, CancellationToken stop)
    {
        await using var delete = work.Command(
            "delete from price_rows where key = any($1)",
            prices.Select(price => price.Price.Key).ToArray()
        );
        await delete.ExecuteNonQueryAsync(stop);
        foreach (var (price, _, product) in prices)
            work.Happened($"price-{price.Key}", new PriceRemoved(price.Key, product, price.Sku));
    }

    /// <summary>The product that it was of, where it is of another now.</summary>
    static Guid? Left(StandingPrice? before, StandingPrice after)
    {
        // It came between the look and the write, of whatever product: the write begins anew, and sees it.
        if (before is null && after.Version > 1)
            throw new StreamConflictException($"price-{after.Price.Key}");
        return before?.Product == after.Product ? null : before?.Product;
    }

    static Rejection Other(WantedPrice wanted) =>
        Refusals.PreconditionFailed.At($"{wanted.Path}version", $"'{wanted.Price.Key}' has another version.");

    static Result<IReadOnlyList<StandingPrice>> InOrder(IEnumerable<StandingPrice> prices) =>
        prices.OrderBy(price => price.Price.Key, StringComparer.Ordinal).ToList();

    /// <summary>Two of the request that overlap each other.</summary>
    static Rejection? Among(List<WantedPrice> wanted)
    {
        var seats = wanted.GroupBy(w => Seat(w.Price)).Where(seat => seat.Count() > 1);
        foreach (var seat in seats)
        {
            // By their begin: where any two overlap, two neighbours do.
            var inTime = seat.OrderBy(w => w.Price.ValidFrom ?? DateTimeOffset.MinValue).ToList();
            for (var i = 1; i < inTime.Count; i++)
                if (inTime[i - 1].Price.Overlaps(inTime[i].Price))
                    return Overlap(inTime[i], inTime[i - 1].Price);
        }
        return null;
    }

    static (string, string, string?, string?, string?, string?, int) Seat(Price price) =>
        (
            price.Sku,
            price.Amount.Currency,
            price.Country,
            price.Channel,
            price.CustomerGroup,
            price.PriceList,
            price.MinQuantity
        );

    /// <summary>A standing price, not of the request, that one of it overlaps.</summary>
    static async Task<Rejection?> Meeting(Work work, List<WantedPrice> wanted, CancellationToken stop)
    {
        await using var find = work.Command(
            $"""
            select {PriceTable.Columns}, w.place
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::timestamptz[],
                $9::timestamptz[]) with ordinality
                w(sku, currency, country, channel, customer_group, price_list, min_quantity, valid_from, valid_until, place)
            join variants v on v.sku = w.sku
            join price_rows r on r.variant = v.id and r.currency = w.currency
            where r.country is not distinct from w.country and r.channel is not distinct from w.channel
                and r.customer_group is not distinct from w.customer_group
                and r.price_list is not distinct from w.price_list and r.min_quantity = w.min_quantity
                and tstzrange(r.valid_from, r.valid_until) && tstzrange(w.valid_from, w.valid_until)
                and r.key <> all($10)
            order by w.place, r.valid_from nulls first limit 1
            """,
            wanted.Select(w => w.Price.Sku).ToArray(),
            wanted.Select(w => w.Price.Amount.Currency).ToArray(),
            wanted.Select(w => w.Price.Country).ToArray(),
            wanted.Select(w => w.Price.Channel).ToArray(),
            wanted.Select(w => w.Price.CustomerGroup).ToArray(),
            wanted.Select(w => w.Price.PriceList).ToArray(),
            wanted.Select(w => w.Price.MinQuantity).ToArray(),
            wanted.Select(w => w.Price.ValidFrom).ToArray(),
            wanted.Select(w => w.Price.ValidUntil).ToArray(),
            wanted.Select(w => w.Price.Key).ToArray()
        );
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop)
            ? Overlap(wanted[(int)reader.GetInt64(14) - 1], PriceTable.Of(reader).Price)
            : null;
    }

    static Rejection Overlap(WantedPrice wanted, Price met) =>
        Rejections.PriceOverlaps.At(
            $"{wanted.Path}validFrom",
            $"'{wanted.Price.Key}' meets '{met.Key}', which is valid {Span(met)}."
        ) with
        {
            Detail = $"'{wanted.Price.Key}' meets '{met.Key}', which is valid {Span(met)}.",
        };

    static string Span(Price price) =>
        (price.ValidFrom, price.ValidUntil) switch
        {
            (null, null) => "always",
            ({ } from, null) => $"from {from:yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'} on",
            (null, { } until) => $"until {until:yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}",
            ({ } from, { } until) =>
                $"from {from:yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'} until {until:yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}",
        };

    static async Task<string?> Crowded(Work work, IReadOnlyList<StandingPrice> written, CancellationToken stop)
    {
        await using var count = work.Command(
            """
            select v.sku from variants v where v.sku = any($1)
                and (select count(*) from (select from price_rows where variant = v.id limit $2) counted) = $2 limit 1
            """,
            written.Select(price => price.Price.Sku).Distinct(StringComparer.Ordinal).ToArray(),
            MaxOfVariant + 1
        );
        return (string?)await count.ExecuteScalarAsync(stop);
    }
}
