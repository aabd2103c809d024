using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Prices;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.GraphqlDocuments;

/// <summary>Lists registered GraphQL documents, without their texts, and shows one with it.</summary>
static class ListDocuments
{
    public const string One =
        "select id, operations, octet_length(document), created_at, document from graphql_documents where id = $1";

    public static void Map(IEndpointRouteBuilder documents)
    {
        documents
            .MapGet("", Handle)
            .WithName("listGraphqlDocuments")
            .WithSummary("Lists registered GraphQL documents, without their texts")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        documents
            .MapGet("/{id}", HandleOne)
            .WithName("getGraphqlDocument")
            .WithSummary("Shows a registered GraphQL document")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.GraphqlDocumentNotFound);
    }

    /// <summary>For the GraphQL door: the text under a hash.</summary>
    public static TrustedDocuments For(CatalogDatabase database) =>
        new(
            async (id, stop) =>
            {
                await using var find = database
                    .Source.CreateCommand("select document from graphql_documents where id = $1")
                    .With(id);
                return (string?)await find.ExecuteScalarAsync(stop);
            }
        );

    static async Task<Reply<IReadOnlyList<GraphqlDocumentView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<GraphqlDocumentView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var found = await database
            .Source.CreateCommand(
                """
                select id, operations, octet_length(document), created_at, null::text from graphql_documents
                where id > $1 order by id limit $2
                """
            )
            .With(last, limit + 1)
            .Rows(Of, stop);
        return found.ToPage(limit, one => one.Id);
    }

    static async Task<Reply<GraphqlDocumentView>> HandleOne(
        string id,
        CatalogDatabase database,
        CancellationToken stop
    ) =>
        await Find(database.Source.CreateCommand(One).With(id), stop) is { } found
            ? found
            : Rejections.GraphqlDocumentNotFound;

    public static Task<GraphqlDocumentView?> Find(NpgsqlCommand find, CancellationToken stop) => find.Row(Of, stop);

    static GraphqlDocumentView Of(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetFieldValue<string[]>(1),
            row.GetInt32(2),
            row.GetFieldValue<DateTimeOffset>(3),
            row.TextOrNull(4)
        );
}
