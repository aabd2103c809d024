using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Prices;

/// <summary>Looks up what prices name, and keeps it as it is until the end: one round trip for any number.</summary>
/// <remarks>Before the prices themselves are locked: whoever removes a variant or moves a list has locked that first, and
/// then wants its prices.</remarks>
static class PriceNames
{
    /// <summary>The refusal that says, by path, what does not exist; null where all does.</summary>
    public static async Task<Rejection?> Unknown(Work work, IReadOnlyList<WantedPrice> wanted, CancellationToken stop)
    {
        (string Member, string Sql, Func<Price, string?> Name)[] kinds =
        [
            ("sku", "select sku from variants where sku = any($1) order by id for key share", price => price.Sku),
            (
                "channel",
                "select key from channels where key = any($1) order by key for key share",
                price => price.Channel
            ),
            (
                "customerGroup",
                "select key from customer_groups where key = any($1) order by key for key share",
                price => price.CustomerGroup
            ),
            (
                "priceList",
                "select key from price_lists where key = any($1) order by key for share",
                price => price.PriceList
            ),
        ];
        await using var batch = work.Batch();
        foreach (var (_, sql, name) in kinds)
            Platform.Data.Sql.Add(
                batch,
                sql,
                wanted.Select(w => name(w.Price)).OfType<string>().Distinct(StringComparer.Ordinal).ToArray()
            );
        var missing = new Dictionary<string, string[]>(StringComparer.Ordinal);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        foreach (var (member, _, name) in kinds)
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            while (await reader.ReadAsync(stop))
                known.Add(reader.GetString(0));
            await reader.NextResultAsync(stop);
            foreach (var w in wanted)
                if (name(w.Price) is { } asked && !known.Contains(asked))
                    missing[w.Path + member] = [$"'{asked}' does not exist."];
        }
        return missing.Count == 0 ? null : Rejections.PriceNamesUnknown with { Errors = missing };
    }
}
