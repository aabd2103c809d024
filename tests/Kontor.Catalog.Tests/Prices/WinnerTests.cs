using System.Globalization;
using CsCheck;
using Kontor.Catalog.Prices;
using Kontor.Kernel;
using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>Whatever prices stand: the statement chooses as the documented precedence does.</summary>
public sealed class WinnerTests(Shop shop) : IClassFixture<Shop>
{
    const int Moments = 6;

    static readonly string?[] Countries = [null, "SE", "DE"];
    static readonly string?[] Channels = [null, "web", "till"];
    static readonly string?[] Groups = [null, "vip", "trade"];
    static readonly string?[] Lists = [null, "spring", "clearance", "of-till", "of-vip"];
    static readonly int[] Quantities = [1, 5, 10];

    sealed record List(int Priority, string? Channel, string? Group, int? From, int? Until);

    static readonly Dictionary<string, List> ListsByKey = new()
    {
        ["spring"] = new(30, null, null, 1, 4),
        ["clearance"] = new(10, null, null, null, 2),
        ["of-till"] = new(20, "till", null, null, null),
        ["of-vip"] = new(40, null, "vip", 3, null),
    };

    static readonly Gen<Price> Rows =
        from amount in Gen.Long[1, 1_000_000]
        from currency in OneOf("EUR", "SEK")
        from country in OneOf(Countries)
        from channel in OneOf(Channels)
        from customerGroup in OneOf(Groups)
        from list in OneOf(Lists)
        from quantity in OneOf(Quantities)
        from begin in Gen.Int[-1, Moments - 1]
        from length in Gen.Int[1, Moments]
        from isCompared in Gen.Bool
        select new Price(
            "key",
            "sku",
            new(amount, currency),
            isCompared ? new Money(amount + 7, currency) : null,
            country,
            channel,
            customerGroup,
            list,
            quantity,
            begin < 0 ? null : Moment(begin),
            begin + length > Moments - 1 ? null : Moment(begin + length)
        );

    static readonly Gen<PriceContext> Contexts =
        from currency in OneOf("EUR", "SEK")
        from country in OneOf(Countries)
        from channel in OneOf(Channels)
        from customerGroup in OneOf(Groups)
        from quantity in OneOf(1, 4, 5, 9, 10, 11)
        from moment in Gen.Int[0, Moments - 1]
        from microsecond in Gen.Int[-1, 1]
        select new PriceContext(
            currency,
            country,
            channel,
            customerGroup,
            quantity,
            Moment(moment).AddMicroseconds(microsecond)
        );

    static Gen<T> OneOf<T>(params T[] some) => Gen.Int[0, some.Length - 1].Select(i => some[i]);

    [Fact, Trait("Kind", "slow")]
    public async Task The_winner_is_that_of_the_documented_precedence_at_every_moment_around_a_bound()
    {
        await shop.Channels("web", "till");
        await shop.Groups("vip", "trade");
        foreach (var (key, list) in ListsByKey)
            (
                await shop.Put(
                    $"/api/v1/price-lists/{key}",
                    new
                    {
                        title = key,
                        priority = list.Priority,
                        channel = list.Channel,
                        customerGroup = list.Group,
                        validFrom = MomentOf(list.From),
                        validUntil = MomentOf(list.Until),
                    }
                )
            ).Is(201);
        var (won, based, overlapped) = (0, 0, 0);

        await Gen.Select(Rows.List[0, 40], Contexts.Array[25], Gen.Bool)
            .SampleAsync(
                async (drawn, contexts, hasBase) =>
                {
                    var sku = await shop.Sold(hasBase ? [(50, "EUR"), (60, "SEK")] : []);
                    var rows = new List<Price>();
                    foreach (var row in drawn)
                        if (!rows.Exists(standing => Overlap(standing, row)))
                            rows.Add(row with { Sku = sku, Key = $"{sku}.{rows.Count}" });
                    if (rows.Count > 0)
                        (await shop.Clerk.Post(AllPrices, new { prices = rows.Select(Row) })).Is(200);

                    if (drawn.Find(row => rows.Exists(standing => Overlap(standing, row))) is { } extra)
                    {
                        var refused = await shop.Put($"{AllPrices}/{sku}.extra", Row(extra with { Sku = sku }, false));
                        refused.Refused(409, "PRICE_OVERLAPS", "validFrom");
                        Assert.Contains(rows, row => Overlap(row, extra) && refused.Text.Contains($"'{row.Key}'"));
                        overlapped++;
                    }
                    foreach (var context in contexts)
                    {
                        var best = Best(rows, context);
                        var wanted =
                            best?.Amount
                            ?? (hasBase ? new Money(context.Currency == "EUR" ? 50 : 60, context.Currency!) : null);
                        (won, based) = (won + (best is null ? 0 : 1), based + (best is null ? 1 : 0));
                        await IsShown(sku, context, wanted, best?.CompareAt);
                        await IsExplained(
                            sku,
                            context,
                            wanted,
                            rows.Count(row => row.Amount.Currency == context.Currency) + (hasBase ? 1 : 0)
                        );
                    }
                },
                iter: 60,
                threads: 1
            );

        Assert.True(won > 100 && based > 100 && overlapped > 10, $"{won} won, {based} base, {overlapped} refused");
    }

    async Task IsShown(string sku, PriceContext context, Money? wanted, Money? compareAt)
    {
        var product = (await shop.Clerk.Get($"/api/v1/products/{sku}?{Query(context)}")).Is(200).Data;
        var variant = product.GetProperty("variants")[0];
        (long, string)[] expected = wanted is { } price ? [(price.Amount, price.Currency)] : [];
        Assert.Equal(expected, Amounts(variant.GetProperty("prices")));
        Assert.Equal(
            compareAt?.Amount,
            variant.TryGetProperty("compareAt", out var compared) ? Amounts(compared)[0].Amount : null
        );
    }

    async Task IsExplained(string sku, PriceContext context, Money? wanted, int candidates)
    {
        var explained = (await shop.Clerk.Get($"/api/v1/variants/{sku}/price/explain?{Query(context)}")).Is(200).Data;
        var verdicts = explained.GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(
            wanted?.Amount,
            explained.TryGetProperty("price", out var price) ? price.GetProperty("amount").GetInt64() : null
        );
        Assert.Equal(candidates, verdicts.Count);
        Assert.Equal(wanted is null ? 0 : 1, verdicts.Count(v => v.GetProperty("verdict").GetString() == "won"));
    }

    /// <summary>The documented precedence, word by word and nothing like the statement: who may not, goes; then each rule in
    /// turn keeps the best.</summary>
    static Price? Best(IReadOnlyList<Price> rows, PriceContext context)
    {
        var left = rows.Where(row => row.Amount.Currency == context.Currency)
            .Where(row => row.MinQuantity <= context.Quantity)
            .Where(row => row.Country is null || row.Country == context.Country)
            .Where(row => row.Channel is null || row.Channel == context.Channel)
            .Where(row => row.CustomerGroup is null || row.CustomerGroup == context.CustomerGroup)
            .Where(row => IsIn(row.ValidFrom, row.ValidUntil, context.At!.Value))
            .Where(row => row.PriceList is null || Applies(ListsByKey[row.PriceList], context))
            .ToList();
        Func<Price, int>[] rules =
        [
            row => row.PriceList is null ? int.MaxValue : ListsByKey[row.PriceList].Priority,
            row => row.CustomerGroup is null ? 1 : 0,
            row => row.Channel is null ? 1 : 0,
            row => row.Country is null ? 1 : 0,
            row => -row.MinQuantity,
        ];
        foreach (var rule in rules)
            if (left.Count > 0)
                left = [.. left.Where(row => rule(row) == left.Min(rule))];
        Assert.True(left.Count <= 1, "The precedence leaves two.");
        return left.FirstOrDefault();
    }

    static bool Applies(List list, PriceContext context) =>
        (list.Channel is null || list.Channel == context.Channel)
        && (list.Group is null || list.Group == context.CustomerGroup)
        && IsIn(MomentOf(list.From), MomentOf(list.Until), context.At!.Value);

    static bool IsIn(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset at) => !(at < from) && !(at >= until);

    /// <summary>By trying every moment of the grid: whether both are valid at one.</summary>
    static bool Overlap(Price one, Price two) =>
        (one.Amount.Currency, one.Country, one.Channel, one.CustomerGroup, one.PriceList, one.MinQuantity)
            == (two.Amount.Currency, two.Country, two.Channel, two.CustomerGroup, two.PriceList, two.MinQuantity)
        && Enumerable
            .Range(-1, Moments + 1)
            .Any(i => IsIn(one.ValidFrom, one.ValidUntil, Moment(i)) && IsIn(two.ValidFrom, two.ValidUntil, Moment(i)));

    static DateTimeOffset Moment(int i) => Monday.AddDays(i);

    static DateTimeOffset? MomentOf(int? i) => i is { } day ? Moment(day) : null;

    static object Row(Price row) => Row(row, true);

    static object Row(Price row, bool isKeyed) =>
        new
        {
            key = isKeyed ? row.Key : null,
            sku = row.Sku,
            price = row.Amount,
            compareAt = row.CompareAt,
            country = row.Country,
            channel = row.Channel,
            customerGroup = row.CustomerGroup,
            priceList = row.PriceList,
            minQuantity = row.MinQuantity,
            validFrom = row.ValidFrom,
            validUntil = row.ValidUntil,
        };

    static string Query(PriceContext context)
    {
        var words = new List<string>
        {
            $"currency={context.Currency}",
            string.Create(CultureInfo.InvariantCulture, $"quantity={context.Quantity}"),
            At(context.At!.Value),
        };
        foreach (
            var (name, value) in new[]
            {
                ("country", context.Country),
                ("channel", context.Channel),
                ("customerGroup", context.CustomerGroup),
            }
        )
            if (value is not null)
                words.Add($"{name}={value}");
        return string.Join('&', words);
    }
}
