using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Merchandising;

/// <summary>Lists sets of words that mean the same, and shows one.</summary>
static class ListSynonyms
{
    public static void Map(IEndpointRouteBuilder synonyms)
    {
        synonyms
            .MapGet("", Handle)
            .WithName("listSynonyms")
            .WithSummary("Lists sets of words that mean the same")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        synonyms
            .MapGet("/{key}", HandleOne)
            .WithName("getSynonyms")
            .WithSummary("Shows words that mean the same")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.SynonymsNotFound);
    }

    static async Task<Reply<IReadOnlyList<SynonymSet>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await SynonymSet.Table.Page(database, limit, after, stop)).ToReply();

    static Task<Reply<SynonymSet>> HandleOne(string key, CatalogDatabase database, CancellationToken stop) =>
        SynonymSet.Table.Show(database, key, stop);
}
