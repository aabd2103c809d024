using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Merchandising;

/// <summary>Removes a search rule.</summary>
static class RemoveSearchRule
{
    public static void Map(IEndpointRouteBuilder rules) =>
        rules
            .MapDelete("/{key}", Handle)
            .WithName("removeSearchRule")
            .WithSummary("Removes a search rule")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.SearchRuleNotFound, Refusals.PreconditionRequired, Refusals.PreconditionFailed);

    static async Task<Reply<SearchRule>> Handle(
        string key,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        http.ExpectedVersion(required: true).Is(out var expected, out var rejection)
            ? await http.Write(
                database,
                work => SearchRule.Table.Remove(work, key, expected, new SearchRuleRemoved(key), stop),
                stop
            )
            : rejection;
}
