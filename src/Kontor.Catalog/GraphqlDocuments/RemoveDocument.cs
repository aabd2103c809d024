using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.GraphqlDocuments;

/// <summary>Takes a GraphQL document out of the register; processes that know it forget it within
/// <see cref="GraphDocuments.Believed"/>.</summary>
static class RemoveDocument
{
    public static void Map(IEndpointRouteBuilder documents) =>
        documents
            .MapDelete("/{id}", Handle)
            .WithName("removeGraphqlDocument")
            .WithSummary("Takes a GraphQL document out of the register")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(Rejections.GraphqlDocumentNotFound);

    static Task<Reply<GraphqlDocumentView>> Handle(
        string id,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    ) => http.Write(database, work => Remove(work, id, stop), stop);

    static async Task<Reply<GraphqlDocumentView>> Remove(Work work, string id, CancellationToken stop)
    {
        if (await ListDocuments.Find(work.Command($"{ListDocuments.One} for update", id), stop) is not { } standing)
            return Rejections.GraphqlDocumentNotFound;
        await using var delete = work.Command("delete from graphql_documents where id = $1", id);
        await delete.ExecuteNonQueryAsync(stop);
        work.Happened($"graphql-document-{id}", new GraphqlDocumentRemoved(id));
        return standing;
    }
}
