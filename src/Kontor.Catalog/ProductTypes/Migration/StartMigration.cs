using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>Records a migration, under the type's lock: who writes a product of the type from the commit on writes both
/// forms, and the job converts what stood before.</summary>
static class StartMigration
{
    public static async Task<Reply<ProductTypeView>> Store(
        Work work,
        MigrationPlan plan,
        IReadOnlyList<MigrationStep> steps,
        VerdictView verdict,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var id = Guid.CreateVersion7(now);
        var key = plan.From.Key;
        await using var insert = work.Command(
            """
            insert into product_type_migrations
                (id, type, state, from_version, generation, title, attributes, steps, changes, reindex, products, started_at)
            values ($1, $2, 'filling', $3, $4, $5, $6::jsonb, $7::jsonb, $8::jsonb, $9::jsonb, $10, $11)
            """,
            id,
            key,
            plan.From.Version,
            plan.From.Generation,
            plan.To.Title,
            JsonSerializer.Serialize(plan.To.Attributes, KontorJson.Options),
            JsonSerializer.Serialize(steps, KontorJson.Options),
            JsonSerializer.Serialize(verdict.Changes, KontorJson.Options),
            JsonSerializer.Serialize(verdict.Reindex, KontorJson.Options),
            verdict.Products,
            now
        );
        await insert.ExecuteNonQueryAsync(stop);
        work.Happened($"product-type-{key}", new ProductTypeMigrationStarted(key, id, plan.To.Version));
        return ListProductTypes.Answer(
            (await ProductTypeReader.Find(work.Connection, key, stop))!,
            StatusCodes.Status202Accepted,
            $"/api/v1/product-types/{key}/migrations/{id}"
        );
    }
}
