using Kontor.Platform.Data;

namespace Kontor.Catalog.Bundles;

/// <summary>What is always true of bundles and of what is reserved for them.</summary>
static class BundleInvariants
{
    public static readonly IReadOnlyList<Invariant> All =
    [
        new(
            "A_BUNDLE_HAS_COMPONENTS",
            """
            select format('variant %s is %s bundle and has %s components', v.sku, case when v.is_bundle then 'a' else 'no' end, c.count)
            from variants v left join (select bundle, count(*) from bundle_components group by 1) c on c.bundle = v.id
            where v.is_bundle <> (c.count is not null)
            """
        ),
        new(
            "NO_BUNDLE_IS_IN_A_BUNDLE",
            """
            select format('bundle %s is a component of %s', v.sku, b.sku)
            from bundle_components c join variants v on v.id = c.component join variants b on b.id = c.bundle
            where v.is_bundle
            """
        ),
        new(
            "A_BUNDLE_HAS_NO_STOCK",
            """
            select format('bundle %s has stock at %s', v.sku, s.location)
            from variants v join stock s on s.variant = v.id where v.is_bundle
            """
        ),
        // What was asked for besides bundles is not known here; `STOCK_IS_HELD_FOR_PLACED_ORDERS` knows it.
        new(
            "A_RESERVATION_HOLDS_WHAT_ITS_BUNDLES_TAKE",
            """
            select format('reservation %s takes %s of %s for its bundles and holds %s', b.reservation, b.pieces, b.component,
                coalesce(l.pieces, 0))
            from (
                select reservation, component, sum(quantity * pieces) as pieces from reservation_bundles group by 1, 2
            ) b join reservations r on r.id = b.reservation
            left join (
                select reservation, sku, sum(quantity) as pieces from reservation_lines group by 1, 2
            ) l on l.reservation = b.reservation and l.sku = b.component
            where r.state in ('held', 'committed') and coalesce(l.pieces, 0) < b.pieces
            """
        ),
        new(
            "A_BUNDLE_IS_RESERVED_ONE_NUMBER_OF_TIMES",
            """
            select format('reservation %s has bundle %s %s and %s times', reservation, sku, min(quantity), max(quantity))
            from reservation_bundles group by reservation, sku having min(quantity) <> max(quantity)
            union all
            select format('reservation %s has bundle %s and does not stand', b.reservation, b.sku) from reservation_bundles b
            where not exists (select from reservations r where r.id = b.reservation)
            """
        ),
    ];
}
