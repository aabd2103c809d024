using GraphQL.Types;
using Kontor.Catalog.Inventory;
using Kontor.Catalog.Products;
using Kontor.Catalog.Stock;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Links;

/// <summary>The stock of variants, for staff: one statement for all variants of a page.</summary>
static class VariantLinks
{
    public static void Field(ObjectGraphType<VariantView> variant) =>
        variant
            .Field<ListGraphType<NonNullGraphType<StockGraph>>>("stock")
            .Description("Its stock, by the keys of locations.")
            .Argument<NonNullGraphType<IntGraphType>>("first", "1 to 100.", first => first.DefaultValue = 20)
            .CountedAs(20)
            .Resolve(at =>
            {
                var first = at.First();
                return at.Load<Guid, IReadOnlyList<StockView>>(
                    (nameof(VariantLinks), first),
                    at.Source.Id,
                    async (variants, stop) =>
                    {
                        var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                        var now = at.RequestServices!.GetRequiredService<TimeProvider>().GetUtcNow();
                        await using var find = database.Source.CreateCommand(Statement).With(variants.ToArray(), first);
                        var found = new List<StockView>[variants.Count];
                        await using var row = await find.ExecuteReaderAsync(stop);
                        while (await row.ReadAsync(stop))
                            (found[row.GetInt64(0) - 1] ??= []).Add(
                                StockView.Of(row.GetString(1), row.GetString(2), StockLevel.Of(row, 3), now)
                            );
                        return [.. found.Select(one => one ?? [])];
                    }
                );
            })
            .RequireScope(Scopes.CatalogRead);

    internal static readonly string Statement = $"""
        select w.place, v.sku, s.location, {StockLevel.Columns}
        from unnest($1::uuid[]) with ordinality w(variant, place) join variants v on v.id = w.variant
            cross join lateral (select * from stock where variant = w.variant order by location limit $2) s
        order by w.place, s.location
        """;
}
