using GraphQL;
using GraphQL.Types;
using Kontor.Catalog.Prices;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kontor.Catalog.Products;

/// <summary>The products that a product leads to, in GraphQL.</summary>
static class RelatedGraph
{
    const int MaxRelated = 20;

    public static void Field(ObjectGraphType<ProductView> product) =>
        product
            .Field<ListGraphType<NonNullGraphType<ProductGraph>>>("related")
            .Description("The products that it leads to and that are shown, of one kind and in order.")
            .Argument<NonNullGraphType<RelationKindGraph>>("kind")
            // Without a default: what a document costs is reckoned by it.
            .Argument<NonNullGraphType<IntGraphType>>("first", $"1 to {MaxRelated}.")
            .PricesFor()
            .Resolve(at =>
            {
                var first = at.GetArgument<int>("first");
                if (first is < 1 or > MaxRelated)
                    throw GraphWords.ErrorOf(Refusals.ValidationFailed.Because($"first is 1 to {MaxRelated}."));
                var prices = at.Prices();
                var wanted = (Kind: at.GetArgument<string>("kind"), first, prices);
                return at.Load<Guid, IEnumerable<ProductView>>(
                    (nameof(RelatedGraph), wanted),
                    at.Source.Id,
                    async (products, stop) =>
                    {
                        var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                        var found = await Read(database, products, wanted, stop);
                        return [.. products.Select(product => found[product])];
                    }
                );
            });

    /// <summary>$1 products, $2 the kind, $3 how many for each; $4 to $6 who looks.</summary>
    internal static readonly string Sql = $"""
        select n.id, found.id from unnest($1::uuid[]) n(id) cross join lateral (
            select p.id, r.position from product_relations r join products p on p.id = r.target
            where r.product = n.id and r.kind = $2
            and ($6 or {Visible.Shown("$4::text", "coalesce($5::timestamptz, now())")})
            order by r.position limit $3
        ) found
        order by n.id, found.position
        """;

    /// <summary>What each of some products leads to, with two statements.</summary>
    static async Task<ILookup<Guid, ProductView>> Read(
        CatalogDatabase database,
        IReadOnlyList<Guid> products,
        (string Kind, int First, PriceContext Prices) wanted,
        CancellationToken stop
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var pairs = new List<(Guid Product, Guid Target)>();
        await using (
            var find = new NpgsqlCommand(Sql, connection).With(
                products.ToArray(),
                wanted.Kind,
                wanted.First,
                wanted.Prices.Channel,
                wanted.Prices.At,
                wanted.Prices.Everything
            )
        )
        await using (var reader = await find.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
                pairs.Add((reader.GetGuid(0), reader.GetGuid(1)));
        Guid[] targets = [.. pairs.Select(pair => pair.Target).Distinct()];
        IReadOnlyList<ProductView> views =
            targets.Length == 0 ? [] : await ProductReader.Of(connection, targets, wanted.Prices, stop);
        // What went between the two statements is in no answer.
        var known = views.ToDictionary(view => view.Id);
        return pairs
            .Where(pair => known.ContainsKey(pair.Target))
            .ToLookup(pair => pair.Product, pair => known[pair.Target]);
    }
}

sealed class RelationKindGraph : EnumerationGraphType
{
    public RelationKindGraph()
    {
        Name = "RelationKind";
        Description = "Why a product leads to another.";
        Add("RELATED", "related");
        Add("UPSELL", "upsell", "A better one.");
        Add("CROSS_SELL", "crossSell", "Bought together with it.");
        Add("ACCESSORY", "accessory", "Belongs to it.");
        Add("REPLACEMENT", "replacement", "In its place.");
    }
}
