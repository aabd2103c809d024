using Kontor.Kernel;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Prices;

/// <summary>Reads and writes rows of prices, any number with a few statements.</summary>
static class PriceTable
{
    public const string Columns = """
        r.key, v.sku, r.amount, r.currency, r.compare_at, r.country, r.channel, r.customer_group, r.price_list,
        r.min_quantity, r.valid_from, r.valid_until, r.version, v.product
        """;

    public static StandingPrice Of(NpgsqlDataReader row)
    {
        var currency = row.GetString(3);
        return new(
            new(
                row.GetString(0),
                row.GetString(1),
                new(row.GetInt64(2), currency),
                row.IsDBNull(4) ? null : new Money(row.GetInt64(4), currency),
                row.TextOrNull(5),
                row.TextOrNull(6),
                row.TextOrNull(7),
                row.TextOrNull(8),
                row.GetInt32(9),
                row.MomentOrNull(10),
                row.MomentOrNull(11)
            ),
            row.GetInt64(12),
            row.GetGuid(13)
        );
    }

    /// <summary>Rows by key, locked in the order of their keys until the end of the transaction.</summary>
    public static async Task<Dictionary<string, StandingPrice>> Lock(Work work, string[] keys, CancellationToken stop)
    {
        await using var find = work.Command(
            $"""
            select {Columns} from price_rows r join variants v on v.id = r.variant
            where r.key = any($1) order by r.key for update of r
            """,
            keys
        );
        var found = new Dictionary<string, StandingPrice>(StringComparer.Ordinal);
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(reader.GetString(0), Of(reader));
        return found;
    }

    /// <summary>Writes rows whose names were looked up before; their versions count on.</summary>
    /// <remarks>One statement, since the overlaps are judged at its end: prices may move past each other. A list that
    /// changes its priority meanwhile is waited for.</remarks>
    public static async Task<IReadOnlyList<StandingPrice>> Write(
        Work work,
        IReadOnlyList<Price> prices,
        CancellationToken stop
    )
    {
        await using var write = work.Command(
            $"""
            with lists as (select key, priority from price_lists where key = any($6) for share),
            written as (
                insert into price_rows (key, variant, currency, amount, compare_at, price_list, priority, country, channel,
                    customer_group, min_quantity, valid_from, valid_until, version)
                select w.key, v.id, w.currency, w.amount, w.compare_at, w.price_list, l.priority, w.country, w.channel,
                    w.customer_group, w.min_quantity, w.valid_from, w.valid_until, 1
                from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
                    $9::text[], $10::int[], $11::timestamptz[], $12::timestamptz[])
                    w(key, sku, currency, amount, compare_at, price_list, country, channel, customer_group, min_quantity,
                        valid_from, valid_until)
                join variants v on v.sku = w.sku left join lists l on l.key = w.price_list
                order by w.key
                on conflict (key) do update set (variant, currency, amount, compare_at, price_list, priority, country, channel,
                    customer_group, min_quantity, valid_from, valid_until, version) = (excluded.variant, excluded.currency,
                    excluded.amount, excluded.compare_at, excluded.price_list, excluded.priority, excluded.country,
                    excluded.channel, excluded.customer_group, excluded.min_quantity, excluded.valid_from,
                    excluded.valid_until, price_rows.version + 1)
                returning *
            )
            select {Columns} from written r join variants v on v.id = r.variant order by r.key
            """,
            prices.Select(price => price.Key).ToArray(),
            prices.Select(price => price.Sku).ToArray(),
            prices.Select(price => price.Amount.Currency).ToArray(),
            prices.Select(price => price.Amount.Amount).ToArray(),
            prices.Select(price => price.CompareAt?.Amount).ToArray(),
            prices.Select(price => price.PriceList).ToArray(),
            prices.Select(price => price.Country).ToArray(),
            prices.Select(price => price.Channel).ToArray(),
            prices.Select(price => price.CustomerGroup).ToArray(),
            prices.Select(price => price.MinQuantity).ToArray(),
            prices.Select(price => price.ValidFrom).ToArray(),
            prices.Select(price => price.ValidUntil).ToArray()
        );
        var written = new List<StandingPrice>(prices.Count);
        await using var reader = await write.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            written.Add(Of(reader));
        return written;
    }

    public static string? TextOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? MomentOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
