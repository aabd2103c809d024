using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>Converts products that are locked, and writes the next form beside what is shown.</summary>
static class ConvertedProducts
{
    /// <summary>Null when all is written; else what stands in the way, in words.</summary>
    public static async Task<string?> Write(
        Work work,
        MigrationPlan plan,
        IReadOnlyList<TakenProduct> products,
        CancellationToken stop
    )
    {
        if (products.Count == 0)
            return null;
        var variants = await VariantsOf(work, products, stop);
        var unique = new List<(Guid Product, Guid? Variant, UniqueValue Value)>();
        var next = new List<(Guid Id, string Json)>();
        var nextOfVariants = new List<(Guid Id, string Json)>();
        foreach (var product in products)
        {
            var own = variants[product.Id].ToList();
            var faults = new Faults();
            var now = new Attributes(Read(product.Attributes), [.. own.Select(variant => Read(variant.Json))]);
            var converted = plan.Convert(now, faults);
            if (faults.Count > 0)
                return $"Product {product.Key}: {faults.ByPath.First().Key}: {faults.ByPath.First().Value[0]}";
            var typed = new TypedProduct(plan.From, now, plan.To, converted);
            next.Add((product.Id, typed.NextJson!));
            nextOfVariants.AddRange(
                own.Select((variant, i) => (variant.Id, Json: typed.VariantNextJson(i)!)).Where(v => v.Json != "{}")
            );
            unique.AddRange(
                AttributeWriter
                    .Unique(typed)
                    .Where(value => value.Generation == plan.To.Generation)
                    .Select(value => (product.Id, value.Variant is { } i ? own[i].Id : (Guid?)null, value))
            );
        }
        await WriteRows(work, next, nextOfVariants, stop);
        return await WriteUnique(work, plan.To, unique, stop);
    }

    static async Task<ILookup<Guid, (Guid Id, string Json)>> VariantsOf(
        Work work,
        IReadOnlyList<TakenProduct> products,
        CancellationToken stop
    )
    {
        await using var find = work.Command(
            "select product, id, attributes::text from variants where product = any($1) order by product, position",
            [products.Select(product => product.Id).ToArray()]
        );
        var found = new List<(Guid Product, Guid Id, string Json)>();
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            found.Add((row.GetGuid(0), row.GetGuid(1), row.GetString(2)));
        return found.ToLookup(variant => variant.Product, variant => (variant.Id, variant.Json));
    }

    static async Task WriteRows(
        Work work,
        List<(Guid Id, string Json)> products,
        List<(Guid Id, string Json)> variants,
        CancellationToken stop
    )
    {
        await using var batch = work.Batch();
        foreach (var (table, rows) in new[] { ("products", products), ("variants", variants) })
            batch.Add(
                $"""
                update {table} set attributes_next = n.next::jsonb from unnest($1::uuid[], $2::text[]) n(id, next)
                where {table}.id = n.id
                """,
                rows.Select(row => row.Id).ToArray(),
                rows.Select(row => row.Json).ToArray()
            );
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The verdict found none of these values twice; a product written since then may have taken one.</summary>
    static async Task<string?> WriteUnique(
        Work work,
        TypeDefinition type,
        List<(Guid Product, Guid? Variant, UniqueValue Value)> values,
        CancellationToken stop
    )
    {
        if (values.Count == 0)
            return null;
        await using var insert = work.Command(
            """
            insert into unique_values (type, generation, attribute, value, product, variant)
            select $1, $2, attribute, value, product, variant
            from unnest($3::text[], $4::text[], $5::uuid[], $6::uuid[]) n(attribute, value, product, variant)
            order by 3, 4 on conflict do nothing returning attribute, value
            """,
            type.Key,
            type.Generation,
            values.Select(v => v.Value.Attribute).ToArray(),
            values.Select(v => v.Value.Text).ToArray(),
            values.Select(v => v.Product).ToArray(),
            values.Select(v => v.Variant).ToArray()
        );
        var written = new HashSet<(string, string)>();
        await using var row = await insert.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            written.Add((row.GetString(0), row.GetString(1)));
        var taken = values.Find(v => !written.Remove((v.Value.Attribute, v.Value.Text))).Value;
        return taken is null ? null : $"The value '{taken.Text}' of {taken.Attribute} would stand more than once.";
    }

    static Dictionary<string, JsonElement> Read(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, KontorJson.Tolerant)!;
}
