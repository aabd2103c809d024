using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.ProductTypes;

/// <summary>What writers of products ask of the database for their attributes: that what they name exists, and that what
/// is to be unique is.</summary>
static class AttributeWriter
{
    /// <summary>A refusal when the product names a product or category that does not exist.</summary>
    public static async Task<Rejection?> Missing(Work work, TypedProduct product, CancellationToken stop)
    {
        var named = References(product.Type, product.Now).ToArray();
        if (named.Length == 0)
            return null;
        await using var find = work.Command(
            """
            select place from unnest($1::text[], $2::text[], $3::text[]) with ordinality n(target, key, path, place)
            where not case target
                when 'Product' then exists (select from products p where p.key = n.key)
                else exists (select from categories c where c.key = n.key)
            end
            order by place limit 1
            """,
            named.Select(name => name.Target.ToString()).ToArray(),
            named.Select(name => name.Key).ToArray(),
            named.Select(name => name.Path).ToArray()
        );
        if (await find.ExecuteScalarAsync(stop) is not long place)
            return null;
        var missing = named[place - 1];
        return Rejections.UnknownReference.At(
            missing.Path,
            $"There is no {missing.Target.ToString().ToLowerInvariant()} '{missing.Key}'."
        );
    }

    /// <summary>Whether one of many names a product or category that does not exist.</summary>
    public static async Task<bool> Missing(Work work, IReadOnlyList<TypedProduct> products, CancellationToken stop)
    {
        var named = products
            .SelectMany(product => References(product.Type, product.Now))
            .Select(name => (name.Target, name.Key))
            .Distinct()
            .ToArray();
        if (named.Length == 0)
            return false;
        await using var find = work.Command(
            """
            select exists (
                select from unnest($1::text[], $2::text[]) n(target, key)
                where not case target
                    when 'Product' then exists (select from products p where p.key = n.key)
                    else exists (select from categories c where c.key = n.key)
                end
            )
            """,
            named.Select(name => name.Target.ToString()).ToArray(),
            named.Select(name => name.Key).ToArray()
        );
        return await find.ExecuteScalarAsync(stop) is true;
    }

    /// <summary>Writes a product's unique values in the place of those that it had; a refusal when another one has one.</summary>
    /// <remarks>The product's variants must stand. A value that another transaction is just writing is waited for.</remarks>
    public static async Task<Rejection?> SetUnique(
        Work work,
        Guid product,
        TypedProduct typed,
        IReadOnlyList<string> skus,
        CancellationToken stop
    )
    {
        var values = Unique(typed).ToArray();
        await using var batch = work.Batch();
        batch.Add("delete from unique_values where product = $1", product);
        batch.Add(
            """
            insert into unique_values (type, generation, attribute, value, product, variant)
            select $2, n.generation, n.attribute, n.value, $1, v.id
            from unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) n(generation, attribute, value, sku)
            left join variants v on v.sku = n.sku
            order by n.generation, n.attribute, n.value
            on conflict do nothing returning attribute, value, generation
            """,
            product,
            typed.Type.Key,
            values.Select(value => value.Generation).ToArray(),
            values.Select(value => value.Attribute).ToArray(),
            values.Select(value => value.Text).ToArray(),
            values.Select(value => value.Variant is { } i ? skus[i] : null).ToArray()
        );
        var written = new HashSet<(string, string, long)>();
        await using (var reader = await batch.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop))
                written.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        // Two of the product's own variants with one value write it once: the second of them is told.
        foreach (var value in values)
            if (!written.Remove((value.Attribute, value.Text, value.Generation)))
                return Rejections.AttributeValueTaken.At(value.Path, $"'{value.Text}' is the value of another one.");
        return null;
    }

    /// <summary>Whether a product of this type has rows among the unique values at all.</summary>
    public static bool HasUnique(TypedProduct product) =>
        product.Type.Attributes.Any(a => a.Unique) || product.NextType?.Attributes.Any(a => a.Unique) == true;

    /// <summary>Each unique value as the text by which it is compared.</summary>
    public static IEnumerable<UniqueValue> Unique(TypedProduct product) =>
        Unique(product.Type, product.Now).Concat(product.NextType is { } next ? Unique(next, product.Next!) : []);

    static IEnumerable<UniqueValue> Unique(TypeDefinition type, Attributes attributes) =>
        Each(type, attributes)
            .Where(found => found.Rule.Unique)
            .Select(found => new UniqueValue(
                type.Generation,
                found.Rule.Key,
                TextOf(found.Value),
                found.Path,
                found.Variant
            ));

    /// <summary>As <c>->></c> gives it in SQL.</summary>
    public static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    static IEnumerable<(ReferenceTarget Target, string Key, string Path)> References(
        TypeDefinition type,
        Attributes attributes
    ) =>
        Each(type, attributes)
            .Where(found => found.Rule.Kind == AttributeKind.Reference)
            .SelectMany(found =>
                found.Rule.List
                    ? found
                        .Value.EnumerateArray()
                        .Select((key, i) => (found.Rule.To!.Value, key.GetString()!, $"{found.Path}[{i}]"))
                    : [(found.Rule.To!.Value, found.Value.GetString()!, found.Path)]
            );

    static IEnumerable<(AttributeDefinition Rule, JsonElement Value, string Path, int? Variant)> Each(
        TypeDefinition type,
        Attributes attributes
    )
    {
        foreach (var (key, value) in attributes.OfProduct)
            yield return (type.Of(AttributeLevel.Product)[key], value, $"attributes.{key}", null);
        for (var i = 0; i < attributes.OfVariants.Count; i++)
            foreach (var (key, value) in attributes.OfVariants[i])
                yield return (type.Of(AttributeLevel.Variant)[key], value, $"variants[{i}].attributes.{key}", i);
    }
}

/// <param name="Variant">The place of the variant that has it; null where the product has it.</param>
sealed record UniqueValue(long Generation, string Attribute, string Text, string Path, int? Variant);
