using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Products.Reading;

/// <summary>What decides how long a product's body is right, beside what it shows.</summary>
/// <param name="Change">The next moment at which its availability may be another with no write; prices carry theirs.</param>
/// <param name="Parts">The products whose variants its bundles are made of.</param>
sealed record Dependencies(DateTimeOffset? Change, IReadOnlyList<Guid> Parts)
{
    public static readonly Dependencies None = new(null, []);

    /// <summary>Whether availability can change at a moment, or with another product: only a pre-order ends by itself, and a
    /// bundle is what its parts are. Few products have either, so nobody else pays for the question.</summary>
    public static bool Has(string availability, bool isBundle) => isBundle || availability == "preorder";

    /// <summary>Those of some products, by id.</summary>
    /// <param name="now">The moment of the statement that showed them: what has passed since then counts too.</param>
    public static async Task<Dictionary<Guid, Dependencies>> Of(
        NpgsqlConnection connection,
        IReadOnlyCollection<Guid> products,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var found = new Dictionary<Guid, Dependencies>();
        if (products.Count == 0)
            return found;
        await using var find = new NpgsqlCommand(Statement, connection).With(products.ToArray(), now);
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            found.Add(
                row.GetGuid(0),
                new(
                    row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1),
                    row.IsDBNull(2) ? [] : row.GetFieldValue<Guid[]>(2)
                )
            );
        return found;
    }

    /// <remarks>A part's own publication decides whether a bundle can be had; nobody writes when its moment comes.</remarks>
    internal const string Statement = $"""
        select p.id, least(
            (
                select min(s.preorder_until) from variants v join stock s on s.variant = v.id
                where v.product = p.id and s.preorder_until > $2
            ), (
                select min(s.preorder_until) from {Bundles} join stock s on s.variant = part.id
                where v.product = p.id and s.preorder_until > $2
            ), (
                select min(case when b.publish_from > $2 then b.publish_from else b.publish_until end)
                from {Bundles} join products b on b.id = part.product
                where v.product = p.id and (b.publish_from > $2 or b.publish_until > $2)
            )
        ), (select array_agg(distinct part.product) from {Bundles} where v.product = p.id)
        from products p where p.id = any($1)
        """;

    const string Bundles = """
        variants v join bundle_components c on v.is_bundle and c.bundle = v.id join variants part on part.id = c.component
        """;
}
