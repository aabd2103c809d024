using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Relations;

/// <summary>A product that another one leads to.</summary>
/// <param name="Kind">Why: <c>related</c>, <c>upsell</c>, <c>crossSell</c>, <c>accessory</c> or <c>replacement</c>.</param>
/// <param name="Id">The product's.</param>
/// <param name="Key">Its owner's name for it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Slug">Its place in addresses.</param>
/// <param name="IsShown">Whether buyers see it now; only for staff, who see the others too.</param>
public sealed record RelatedProduct(string Kind, Guid Id, string Key, string Title, string Slug, bool? IsShown = null);

/// <summary>The kinds of relations, and where they stand.</summary>
static class Relation
{
    public const int MaxProducts = 100;

    public static readonly IReadOnlyList<string> Kinds = ["related", "upsell", "crossSell", "accessory", "replacement"];

    public static readonly string KindRule = $"One of {string.Join(", ", Kinds)}.";

    public static bool IsKind(string kind) => Kinds.Contains(kind, StringComparer.Ordinal);

    /// <summary>Whom a product ($1) leads to, in order: of one kind ($2) or of all ($3, in their order), in a channel ($4), or
    /// all that there are ($5). No row where the product itself may not be seen; one of nulls where it leads to none.</summary>
    public static string Statement(bool byId) =>
        $"""
            with owner as (
                select p.id from products p where {(byId ? "p.id" : "p.slug")} = $1 and ($5 or {Visible.Shown(
                "$4::text"
            )})
            )
            select found.kind, found.id, found.key, found.title, found.slug, found.shown
            from owner left join lateral (
                select r.kind, r.position, p.id, p.key, p.title, p.slug, {Visible.Shown("$4::text")} as shown
                from product_relations r join products p on p.id = r.target
                where r.product = owner.id and ($2::text is null or r.kind = $2::text)
                and ($5 or {Visible.Shown("$4::text")})
            ) found on true
            order by array_position($3::text[], found.kind), found.position
            """;

    /// <summary>Those that a product leads to; null where there is no such product for whoever looks.</summary>
    public static async Task<IReadOnlyList<RelatedProduct>?> Read(
        NpgsqlConnection connection,
        string product,
        string? kind,
        (string? Channel, bool Everything) looking,
        CancellationToken stop
    )
    {
        var byId = Guid.TryParseExact(product, "D", out var id);
        await using var find = new NpgsqlCommand(Statement(byId), connection).With(
            byId ? id : product,
            kind,
            Kinds.ToArray(),
            looking.Channel,
            looking.Everything
        );
        List<RelatedProduct>? found = null;
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            found ??= [];
            if (!reader.IsDBNull(0))
                found.Add(
                    new(
                        reader.GetString(0),
                        reader.GetGuid(1),
                        reader.GetString(2),
                        reader.GetString(3),
                        reader.GetString(4),
                        looking.Everything ? reader.GetBoolean(5) : null
                    )
                );
        }
        return found;
    }
}
