using Kontor.Platform.Access;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Tests.Graph;

/// <summary>GraphQL documents that staff register, and clients ask for by their id.</summary>
public sealed class RegisteredDocumentTests(Shop shop) : IClassFixture<Shop>
{
    Caller Reader => new(shop.Http) { Token = Scopes.CatalogRead };

    [Fact]
    public async Task A_registered_document_is_listed_shown_executed_and_removed()
    {
        const string Document = "query Front($slug: String!) { product(slug: $slug) { id } } query Two { __typename }";
        var id = GraphDocuments.HashOf(Document);
        var path = $"/api/v1/graphql-documents/{id}";

        var made = await shop.Staff.Put(path, new { document = Document });
        var again = await shop.Staff.Put(path, new { document = Document });
        var shown = await Reader.Get(path);
        var listed = await Reader.Get("/api/v1/graphql-documents");
        var run = await shop.Stranger.Get($"/graphql?documentId=sha256:{id}&operationName=Two");

        Assert.Equal(path, made.Is(201).Raw.Headers.Location?.ToString());
        Assert.Equal(PositionOf(made), PositionOf(again.Is(200)));
        Assert.Equal(Document, shown.Is(200).Value("document"));
        var row = listed.Data.EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        Assert.Equal(["Front", "Two"], row.GetProperty("operations").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(Document.Length, row.GetProperty("bytes").GetInt32());
        Assert.False(row.TryGetProperty("document", out _));
        Assert.Equal("Query", run.Is(200).Data.GetProperty("__typename").GetString());

        (await shop.Staff.Send(HttpMethod.Delete, path, null)).Is(200);
        (await shop.Staff.Send(HttpMethod.Delete, path, null)).Refused(404, "GRAPHQL_DOCUMENT_NOT_FOUND");
        (await Reader.Get(path)).Refused(404, "GRAPHQL_DOCUMENT_NOT_FOUND");
        Assert.Equal(
            2,
            await shop.Query<long>(
                "select count(*) from journal where stream = $1 and type in ('graphql-document.registered.v1', 'graphql-document.removed.v1')",
                $"graphql-document-{id}"
            )
        );
    }

    static string PositionOf(Answer answer) => answer.Raw.Headers.GetValues(KontorHeaders.Position).Single();

    [Theory]
    [InlineData("{ nothing }", 400, "DOCUMENT_UNFIT")]
    [InlineData("{ product(slug: 1) { id } }", 400, "DOCUMENT_UNFIT")]
    [InlineData("{", 400, "SYNTAX_ERROR")]
    [InlineData("fragment F on Query { __typename }", 400, "DOCUMENT_UNFIT")]
    [InlineData("{ ...A } fragment A on Query { ...A }", 400, "QUERY_TOO_DEEP")]
    [InlineData("", 400, "VALIDATION_FAILED")]
    public async Task A_document_that_would_not_run_is_not_registered(string document, int status, string code)
    {
        var path = $"/api/v1/graphql-documents/{GraphDocuments.HashOf(document)}";

        (await shop.Staff.Put(path, new { document })).Refused(status, code);
        (await Reader.Get(path)).Refused(404, "GRAPHQL_DOCUMENT_NOT_FOUND");
    }

    [Fact]
    public async Task A_document_stands_under_its_own_hash_only()
    {
        var path = $"/api/v1/graphql-documents/{GraphDocuments.HashOf("{ __typename }")}";

        var answer = await shop.Staff.Put(path, new { document = "{  __typename }" });

        answer.Refused(400, "VALIDATION_FAILED", "id");
    }

    [Fact]
    public async Task More_than_there_is_room_for_are_refused()
    {
        await using var own = new Shop();
        await own.InitializeAsync();
        await own.Query<long>(
            """
            with made as (
                insert into graphql_documents (id, document, operations, created_at)
                select encode(sha256(convert_to(text, 'UTF8')), 'hex'), text, '{}', now()
                from (select '{ a' || n || ': __typename }' as text from generate_series(1, 9999) n) texts returning 1
            ) select count(*) from made
            """
        );
        Task<Answer> Register(string document) =>
            own.Staff.Put($"/api/v1/graphql-documents/{GraphDocuments.HashOf(document)}", new { document });

        (await Register("{ __typename }")).Is(201);
        (await Register("{ b: __typename }")).Refused(409, "GRAPHQL_DOCUMENTS_FULL");
        (await Register("{ __typename }")).Is(200);
    }
}
