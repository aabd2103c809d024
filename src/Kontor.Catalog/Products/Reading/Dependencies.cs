using Npgsql;

namespace Kontor.Catalog.Products.Reading;

/// <summary>What decides how long a product's body is right, beside what it shows.</summary>
/// <param name="Change">The next moment at which its availability or publication may be another with no write, after the
/// statement's own; prices carry theirs.</param>
/// <param name="End">When its publication ends.</param>
/// <param name="Parts">The products whose variants its bundles are made of.</param>
sealed record Dependencies(DateTimeOffset Now, DateTimeOffset? Change, DateTimeOffset? End, IReadOnlyList<Guid> Parts)
{
    const string ReadAt = "read_at";

    /// <summary>The columns that <see cref="Of"/> reads, of a product called p and some of its variants.</summary>
    /// <param name="variants">A subquery of rows of variants.</param>
    /// <remarks>A part's own publication decides whether a bundle can be had; nobody writes when its moment comes.</remarks>
    public static string Columns(string variants)
    {
        var bundles = $"""
            ({variants}) v
                join bundle_components c on v.is_bundle and c.bundle = v.id
                join variants part on part.id = c.component
            """;
        return $"""
            , now() as {ReadAt}, p.publish_until as ends, least(
                (
                    select min(s.preorder_until)
                    from ({variants}) v
                    join stock s on s.variant = v.id where s.preorder_until > now()
                ), (
                    select min(s.preorder_until) from {bundles}
                    join stock s on s.variant = part.id where s.preorder_until > now()
                ), (
                    select min(case when b.publish_from > now() then b.publish_from else b.publish_until end)
                    from {bundles} join products b on b.id = part.product
                    where b.publish_from > now() or b.publish_until > now()
                )
            ) as changes, (select array_agg(distinct part.product) from {bundles}) as parts
            """;
    }

    /// <summary>Those of the variants that an answer shows of a product.</summary>
    public static string Columns(Extent extent) =>
        Columns($"select * from variants where product = p.id {extent.OfVariants}");

    public static Dependencies Of(NpgsqlDataReader row)
    {
        var first = row.GetOrdinal(ReadAt);
        return new(
            row.GetFieldValue<DateTimeOffset>(first),
            row.IsDBNull(first + 2) ? null : row.GetFieldValue<DateTimeOffset>(first + 2),
            row.IsDBNull(first + 1) ? null : row.GetFieldValue<DateTimeOffset>(first + 1),
            row.IsDBNull(first + 3) ? [] : row.GetFieldValue<Guid[]>(first + 3)
        );
    }

    /// <summary>How long after it was read the product's body is right by itself.</summary>
    public TimeSpan? Lasts(DateTimeOffset? pricesChange)
    {
        DateTimeOffset?[] moments = [Change, End, pricesChange];
        return moments.Min() - Now;
    }
}
