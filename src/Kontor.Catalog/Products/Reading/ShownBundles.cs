using Kontor.Catalog.Bundles;
using Kontor.Catalog.Stock;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Data;
using Npgsql;

namespace Kontor.Catalog.Products.Reading;

/// <summary>Fills the bundles among products that were read: what each is made of, and whether it can be had.</summary>
/// <remarks>A statement of its own, which only those pay for who show a bundle. It runs after the one that showed them, so
/// what it says is as new or newer; what happens between evicts what was kept, since the head was read before both.</remarks>
static class ShownBundles
{
    public static async Task Fill(NpgsqlConnection connection, List<ProductView> products, CancellationToken stop)
    {
        var empty = products.SelectMany(product => product.Variants).Where(IsEmpty).Select(v => v.Id).ToArray();
        if (empty.Length == 0)
            return;
        var found = await Read(connection, empty, stop);
        for (var i = 0; i < products.Count; i++)
            if (products[i].Variants.Any(IsEmpty))
                products[i] = products[i] with { Variants = [.. products[i].Variants.Select(Filled)] };

        // One that is no more has been taken away meanwhile: there is none of it.
        VariantView Filled(VariantView variant) =>
            !IsEmpty(variant) ? variant
            : found.TryGetValue(variant.Id, out var now)
                ? variant with
                {
                    Availability = now.Availability,
                    Components = now.Components,
                }
            : variant with { Components = null };
    }

    /// <summary>Every bundle has components; so does none that was only seen to be one.</summary>
    static bool IsEmpty(VariantView variant) => variant.Components is { Count: 0 };

    static async Task<Dictionary<Guid, (string Availability, IReadOnlyList<BundleComponent>? Components)>> Read(
        NpgsqlConnection connection,
        Guid[] bundles,
        CancellationToken stop
    )
    {
        var found = new Dictionary<Guid, (string, IReadOnlyList<BundleComponent>?)>();
        await using var find = new NpgsqlCommand(Statement, connection).With((object)bundles);
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            found[row.GetGuid(0)] = (
                row.GetString(1),
                row.IsDBNull(2) ? null : ProductReader.Json<List<BundleComponent>>(row.GetString(2))
            );
        return found;
    }

    internal static readonly string Statement = $"""
        select v.id, {StockLevel.ClassSql}, ({BundleTable.ComponentsSql})::text from variants v where v.id = any($1)
        """;
}
