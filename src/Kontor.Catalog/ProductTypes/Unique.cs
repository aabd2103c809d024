using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Makes the unique values those of a definition that changes without a migration: where an attribute becomes
/// unique its values are entered, where it is no more they go.</summary>
static class Unique
{
    public static async Task Follow(Work work, MigrationPlan plan, CancellationToken stop)
    {
        var (before, after) = (Of(plan.From), Of(plan.To));
        await using var batch = work.Batch();
        foreach (var gone in before.Keys.Except(after.Keys, StringComparer.Ordinal))
            batch.Add("delete from unique_values where type = $1 and attribute = $2", plan.To.Key, gone);
        foreach (var come in after.Where(attribute => !before.ContainsKey(attribute.Key)))
            batch.Add(
                come.Value.Level == AttributeLevel.Product
                    ? """
                    insert into unique_values (type, generation, attribute, value, product)
                    select $1, $3, $2, attributes ->> $2, id from products where type = $1 and attributes ? $2
                    """
                    : """
                    insert into unique_values (type, generation, attribute, value, product, variant)
                    select $1, $3, $2, v.attributes ->> $2, p.id, v.id
                    from products p join variants v on v.product = p.id where p.type = $1 and v.attributes ? $2
                    """,
                plan.To.Key,
                come.Key,
                plan.To.Generation
            );
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(stop);
    }

    static Dictionary<string, AttributeDefinition> Of(TypeDefinition type) =>
        type
            .Attributes.Where(attribute => attribute.Unique)
            .ToDictionary(attribute => attribute.Key, StringComparer.Ordinal);
}
