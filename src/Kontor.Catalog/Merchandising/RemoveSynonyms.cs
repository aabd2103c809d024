using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Merchandising;

/// <summary>Forgets that words mean the same.</summary>
static class RemoveSynonyms
{
    public static void Map(IEndpointRouteBuilder synonyms) =>
        synonyms
            .MapDelete("/{key}", Handle)
            .WithName("removeSynonyms")
            .WithSummary("Forgets that words mean the same")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.SynonymsNotFound, Refusals.PreconditionRequired, Refusals.PreconditionFailed);

    static async Task<Reply<SynonymSet>> Handle(
        string key,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        http.ExpectedVersion(required: true).Is(out var expected, out var rejection)
            ? await http.Write(
                database,
                work => SynonymSet.Table.Remove(work, key, expected, new SynonymsRemoved(key), stop),
                stop
            )
            : rejection;
}
