using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.CustomerGroups;

/// <summary>Removes a customer group that no price and no price list names.</summary>
static class RemoveCustomerGroup
{
    public static void Map(IEndpointRouteBuilder groups) =>
        groups
            .MapDelete("/{customerGroup}", Handle)
            .WithName("removeCustomerGroup")
            .WithSummary("Removes a customer group that no price and no price list names")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Rejections.CustomerGroupNotFound,
                Rejections.CustomerGroupInUse,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<CustomerGroupView>> Handle(
        string customerGroup,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(customerGroup))
            return Rejections.CustomerGroupNotFound;
        try
        {
            return await http.Write(database, work => Store(work, customerGroup, expected, stop), stop);
        }
        catch (PostgresException named) when (named.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Rejections.CustomerGroupInUse;
        }
    }

    static async Task<Reply<CustomerGroupView>> Store(Work work, string key, long? expected, CancellationToken stop)
    {
        if (
            await ListCustomerGroups.Find(work.Command($"{ListCustomerGroups.One} for update", key), stop)
            is not { } standing
        )
            return Rejections.CustomerGroupNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        await using var delete = work.Command("delete from customer_groups where key = $1", key);
        await delete.ExecuteNonQueryAsync(stop);
        work.Happened($"customer-group-{key}", new CustomerGroupRemoved(key));
        return standing;
    }
}
