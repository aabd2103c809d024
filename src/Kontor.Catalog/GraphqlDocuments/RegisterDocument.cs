using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.GraphqlDocuments;

/// <summary>A GraphQL document that clients may ask for by its id.</summary>
/// <param name="Id">The SHA-256 of its text, in hexadecimal.</param>
/// <param name="Operations">The names of its operations, without those that have none.</param>
/// <param name="Bytes">The length of its text as UTF-8.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Document">Its text; lists leave it out.</param>
sealed record GraphqlDocumentView(
    string Id,
    IReadOnlyList<string> Operations,
    int Bytes,
    DateTimeOffset CreatedAt,
    string? Document = null
);

/// <summary>Registers a GraphQL document under the hash of its text. What is there already stays as it is: another text has
/// another hash, so there is nothing to change and no version.</summary>
static class RegisterDocument
{
    /// <summary>Some hundred releases of a storefront's documents.</summary>
    public const int MaxDocuments = 10_000;
    const long OneAtATime = 0x6b6f6e746f720022;

    /// <param name="Document">The document, with at least one operation, that fits the schema.</param>
    public sealed record Request([property: Required, StringLength(32 * 1024, MinimumLength = 1)] string Document);

    public static void Map(IEndpointRouteBuilder documents) =>
        documents
            .MapPut("/{id}", Handle)
            .WithName("registerGraphqlDocument")
            .WithSummary("Registers a GraphQL document under the SHA-256 of its text")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                GraphRefusals.DocumentUnfit,
                GraphRefusals.DocumentTooLarge,
                GraphRefusals.SyntaxError,
                GraphRefusals.QueryTooDeep,
                GraphRefusals.QueryTooComplex,
                GraphRefusals.TooManyAliases,
                GraphRefusals.TooManyDirectives,
                Rejections.GraphqlDocumentsFull
            );

    static async Task<Reply<GraphqlDocumentView>> Handle(
        string id,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        GraphDocuments known,
        CancellationToken stop
    )
    {
        if (id != GraphDocuments.HashOf(wanted.Document))
            return Refusals.ValidationFailed.At(
                "id",
                "The SHA-256 of the document, 64 hexadecimal digits in lower case."
            );
        if (wanted.Document.Contains('\0', StringComparison.Ordinal))
            return GraphRefusals.DocumentUnfit.Because("It holds U+0000.");
        if (!(await known.Judge(wanted.Document, stop)).Is(out var operations, out var unfit))
            return unfit;
        return await http.Write(database, work => Store(work, id, wanted.Document, operations, http.Clock, stop), stop);
    }

    static async Task<Reply<GraphqlDocumentView>> Store(
        Work work,
        string id,
        string document,
        IReadOnlyList<string> operations,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        // One after the other, so that the count holds; nobody registers by the thousand in a second.
        await using (var queue = work.Command("select pg_advisory_xact_lock($1)", OneAtATime))
            await queue.ExecuteNonQueryAsync(stop);
        if (await ListDocuments.Find(work.Command(ListDocuments.One, id), stop) is { } standing)
        {
            Reply<GraphqlDocumentView> reply = standing;
            reply.Position = (await work.Standing($"graphql-document-{id}", stop)).ToString();
            return reply;
        }
        await using var write = work.Command(
            """
            insert into graphql_documents (id, document, operations, created_at)
            select $1, $2, $3, $4 where (select count(*) from graphql_documents) < $5
            """,
            id,
            document,
            operations.ToArray(),
            clock.GetUtcNow(),
            MaxDocuments
        );
        if (await write.ExecuteNonQueryAsync(stop) == 0)
            return Rejections.GraphqlDocumentsFull;
        work.Happened($"graphql-document-{id}", new GraphqlDocumentRegistered(id, operations));
        var made = await ListDocuments.Find(work.Command(ListDocuments.One, id), stop);
        return Reply<GraphqlDocumentView>.Of(
            made!, // Written by this transaction.
            StatusCodes.Status201Created,
            location: $"/api/v1/graphql-documents/{id}"
        );
    }
}
