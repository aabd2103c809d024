using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Prices;

/// <summary>The one statement that chooses a price, for whoever reads variants.</summary>
/// <remarks>
/// Of the rows that apply (country, channel, customer group each unnamed or the context's; as many pieces or fewer; valid;
/// the same of the list that it is in) the one of the highest rank wins, else the base price, whose rank is 0. Ranks of
/// rows that apply together never tie: the exclusion constraint and the unique priority of lists see to that.
/// The clock is the database's: it is one for every process, and the statement that decides needs no other.
/// </remarks>
static class Winner
{
    /// <summary>A subquery of (currency, amount, compare_at, change_at) for a variant: one row a currency in which it has, or will have, a
    /// price; the amount is null where it has none now. Its parameters are the first six of the statement.</summary>
    /// <param name="quantity">Where the pieces stand, if not in the context.</param>
    public static string Of(string variant, PriceContext context, string quantity = "$5")
    {
        // With a currency it is a condition of the index; a condition that may be void would never be.
        var (ofBase, ofRow) = context.Currency is null
            ? ("$1::text is null", "$1::text is null")
            : ("b.currency = $1", "r.currency = $1");
        return $"""
            select c.currency,
                (array_agg(c.amount order by c.rank desc) filter (where c.valid))[1] as amount,
                (array_agg(c.compare_at order by c.rank desc) filter (where c.valid))[1] as compare_at,
                min(c.change_at) as change_at
            from (
                select b.currency, b.amount, null::bigint as compare_at, 0::bigint as rank, true as valid,
                    null::timestamptz as change_at
                from prices b where b.variant = {variant} and {ofBase}
                union all
                select r.currency, r.amount, r.compare_at, r.rank,
                    coalesce(greatest(r.valid_from, l.valid_from) <= moment.at, true)
                        and coalesce(least(r.valid_until, l.valid_until) > moment.at, true),
                    least(
                        case when r.valid_from > moment.at then r.valid_from end,
                        case when r.valid_until > moment.at then r.valid_until end,
                        case when l.valid_from > moment.at then l.valid_from end,
                        case when l.valid_until > moment.at then l.valid_until end
                    )
                from price_rows r left join price_lists l on l.key = r.price_list
                    cross join (select coalesce($6::timestamptz, now()) as at) moment
                where r.variant = {variant} and {ofRow}
                    and r.min_quantity <= {quantity}
                    and (r.country is null or r.country = $2)
                    and (r.channel is null or r.channel = $3)
                    and (r.customer_group is null or r.customer_group = $4)
                    and (l.channel is null or l.channel = $3)
                    and (l.customer_group is null or l.customer_group = $4)
            ) c group by c.currency
            """;
    }

    /// <summary>The six parameters of the context, then the statement's own.</summary>
    public static NpgsqlCommand With(
        this NpgsqlCommand command,
        PriceContext context,
        params ReadOnlySpan<object?> own
    ) => command.With([.. Values(context), .. own]);

    public static object?[] Values(PriceContext context) =>
        [context.Currency, context.Country, context.Channel, context.CustomerGroup, context.Quantity, context.At];
}
