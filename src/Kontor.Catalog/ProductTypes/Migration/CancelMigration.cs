using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>Cancels a migration whose values are not shown yet; what was converted goes, and the type is as it was.</summary>
static class CancelMigration
{
    public static void Map(IEndpointRouteBuilder types) =>
        types
            .MapPost("/{type}/migrations/{migration}/cancel", Handle)
            .WithName("cancelMigration")
            .WithSummary("Cancels a migration; a repeat changes nothing")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.MigrationNotFound, Rejections.MigrationDecided);

    static async Task<Reply<MigrationView>> Handle(
        string type,
        string migration,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        Keys.Is(type) && Guid.TryParseExact(migration, "D", out var id)
            ? await http.Write(database, work => Store(work, type, id, stop), stop)
            : Rejections.MigrationNotFound;

    static async Task<Reply<MigrationView>> Store(Work work, string type, Guid id, CancellationToken stop)
    {
        // The row first, as the job locks it before the type: it is not in the middle of a batch then, nor at the flip.
        await using var find = work.Command(
            "select state from product_type_migrations where id = $1 and type = $2 for update",
            id,
            type
        );
        var state = (string?)await find.ExecuteScalarAsync(stop);
        if (state is null)
            return Rejections.MigrationNotFound;
        if (state is "tidying" or "done")
            return Rejections.MigrationDecided;
        if (state == "filling")
        {
            // Whoever is just writing both forms has committed after this; whoever comes later writes one.
            await TypeBook.Close(work, type, stop);
            await MigrationBatch.Undo(work, id, "cancelled", null, stop);
        }
        return (await ProductTypeReader.Migration(work.Connection, type, id, stop))!;
    }
}
