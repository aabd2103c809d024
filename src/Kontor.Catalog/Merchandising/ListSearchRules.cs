using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Merchandising;

/// <summary>Lists search rules by key, and shows one.</summary>
static class ListSearchRules
{
    public static void Map(IEndpointRouteBuilder rules)
    {
        rules
            .MapGet("", Handle)
            .WithName("listSearchRules")
            .WithSummary("Lists search rules by key")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        rules
            .MapGet("/{key}", HandleOne)
            .WithName("getSearchRule")
            .WithSummary("Shows a search rule")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.SearchRuleNotFound);
    }

    static async Task<Reply<IReadOnlyList<SearchRule>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await SearchRule.Table.Page(database, limit, after, stop)).ToReply();

    static Task<Reply<SearchRule>> HandleOne(string key, CatalogDatabase database, CancellationToken stop) =>
        SearchRule.Table.Show(database, key, stop);
}
