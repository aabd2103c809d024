using Kontor.Contracts.Catalog;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Stock;

/// <summary>The stock of a variant at a location.</summary>
/// <param name="OnHand">Pieces that are there.</param>
/// <param name="Reserved">Pieces held for buyers, at most <paramref name="OnHand"/> + <paramref name="BackorderLimit"/>.</param>
/// <param name="BackorderLimit">Pieces that may be promised before they are there, in all.</param>
readonly record struct StockLevel(long OnHand, long Reserved, long BackorderLimit)
{
    public const string MainLocation = "main";

    /// <summary>The columns that <see cref="Of"/> reads, of a stock row called s.</summary>
    public const string Columns =
        "s.on_hand, s.reserved, s.backorder_limit, s.incoming, s.safety_stock, s.owed, s.preorder_limit, s.preorder_until";

    /// <summary>The availability class of a variant called v, in SQL: the same rule as <see cref="Class"/>, over active
    /// locations.</summary>
    /// <remarks>One location is enough, and what another owes takes nothing from it. The locations are asked for once for
    /// each statement, not for each variant.</remarks>
    public static readonly string ClassSql = $"""
        case when v.is_bundle then {BundleClassSql} else {OwnClassSql} end
        """;

    /// <summary>The same of one that is no bundle.</summary>
    public static string OwnClassSql =>
        $"""
            (
                select case
                    when bool_or(free > 0) then 'inStock'
                    when bool_or(free + beyond > 0 and preorder) then 'preorder'
                    when bool_or(free + beyond > 0) then 'backorder'
                    else 'outOfStock'
                end
                from ({OfferedSql("v.id")}) offered
            )
            """;

    /// <summary>The same of a bundle called v: the class of its worst component, of which one location has what one bundle
    /// takes. A component whose product is not sold cannot be had.</summary>
    static string BundleClassSql =>
        $"""
            coalesce((
                select (array['inStock', 'preorder', 'backorder', 'outOfStock'])[1 + max(part.class)]
                from bundle_components c
                join variants pv on pv.id = c.component join products p on p.id = pv.product
                cross join lateral (
                    select case
                        when not {Visible.Sold()} then 3
                        when bool_or(free >= c.quantity) then 0
                        when bool_or(free + beyond >= c.quantity and preorder) then 1
                        when bool_or(free + beyond >= c.quantity) then 2
                        else 3
                    end as class
                    from ({OfferedSql("pv.id")}) offered
                ) part
                where c.bundle = v.id
            ), 'outOfStock')
            """;

    static string OfferedSql(string variant) =>
        $"""
            select on_hand - safety_stock - reserved as free, coalesce(preorder_until > now(), false) as preorder,
                backorder_limit - owed - case when preorder_until > now() then 0 else preorder_limit end as beyond
            from stock where variant = {variant} and location = any(array(select key from locations where active))
            """;

    /// <summary>Announced or under way to here.</summary>
    public long Incoming { get; init; }

    /// <summary>Pieces on hand that are not offered.</summary>
    public long SafetyStock { get; init; }

    /// <summary>The part of <see cref="BackorderLimit"/> that a forced count left: promised already, never offered again.</summary>
    public long Owed { get; init; }

    /// <summary>The part of <see cref="BackorderLimit"/> that is offered only until <see cref="PreorderUntil"/>.</summary>
    public long PreorderLimit { get; init; }

    public DateTimeOffset? PreorderUntil { get; init; }

    /// <summary>Pieces that are there and may be promised; below nothing where more is promised than is there.</summary>
    public long Free => OnHand - SafetyStock - Reserved;

    /// <summary>Pieces that may be promised, there or not.</summary>
    public long Available(DateTimeOffset now) =>
        Free + BackorderLimit - Owed - (TakesPreorders(now) ? 0 : PreorderLimit);

    public bool TakesPreorders(DateTimeOffset now) => PreorderUntil > now;

    /// <summary>What a buyer is shown instead of a number, who wants this many pieces.</summary>
    public string Class(DateTimeOffset now, long pieces = 1) =>
        this switch
        {
            _ when Free >= pieces => "inStock",
            _ when Available(now) < pieces => "outOfStock",
            _ when TakesPreorders(now) => "preorder",
            _ => "backorder",
        };

    /// <summary>With another number on hand. What is then promised beyond all that may be is owed, and what was owed and is
    /// there now is not any more.</summary>
    public StockLevel WithOnHand(long onHand)
    {
        var may = BackorderLimit - Owed;
        var owed = Math.Max(0, checked(Reserved - onHand - may));
        return this with { OnHand = onHand, BackorderLimit = may + owed, Owed = owed };
    }

    /// <summary>Reads <see cref="Columns"/> that begin at this one.</summary>
    public static StockLevel Of(NpgsqlDataReader row, int first) =>
        new(row.GetInt64(first), row.GetInt64(first + 1), row.GetInt64(first + 2))
        {
            Incoming = row.GetInt64(first + 3),
            SafetyStock = row.GetInt64(first + 4),
            Owed = row.GetInt64(first + 5),
            PreorderLimit = row.GetInt64(first + 6),
            PreorderUntil = row.IsDBNull(first + 7) ? null : row.GetFieldValue<DateTimeOffset>(first + 7),
        };

    public static void Changed(Work work, StockRow row, string reason, DateTimeOffset now) =>
        work.Happened(
            $"stock-{row.Sku}",
            new StockChanged(
                row.Sku,
                row.Location,
                row.Level.OnHand,
                row.Level.Reserved,
                row.Before.Class(now),
                row.Level.Class(now),
                reason,
                row.Level.Incoming
            )
        );
}
