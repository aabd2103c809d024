using Kontor.Platform.Graph;
using Xunit;

namespace Kontor.Platform.Tests.Graph;

/// <summary>Documents that are named instead of sent.</summary>
public sealed class PersistedTests : IDisposable
{
    const string Query = "query Q($n: Int!) { things(first: $n) { nodes { number } } }";
    const string Other = "{ echo(text: \"a\") }";
    static readonly string Hash = GraphDocuments.HashOf(Query);
    readonly SmallDoor door = new();

    [Fact]
    public void A_registered_document_is_executed_by_its_id_in_both_forms_and_by_GET()
    {
        door.Registered[Hash] = Query;

        foreach (var id in new[] { Hash, $"sha256:{Hash}" })
        {
            var posted = door.Post(new { documentId = id, variables = new { n = 2 } });
            var got = door.Get($"?documentId={Uri.EscapeDataString(id)}&variables=%7B%22n%22%3A2%7D");
            Assert.Equal((200, 2), (posted.Status, Things(posted.Body)));
            Assert.Equal((200, 2), (got.Status, Things(got.Body)));
        }
        Assert.Equal(1, door.Looked);
    }

    [Fact]
    public void A_document_that_is_not_registered_is_a_404_in_both_types_and_no_cache_keeps_it()
    {
        foreach (var accept in new[] { SmallDoor.Modern, "application/json" })
        {
            var answer = door.Post(new { documentId = Hash }, accept);
            Assert.Equal(
                (404, "DOCUMENT_NOT_FOUND", "no-store"),
                (answer.Status, SmallDoor.CodeOf(answer.Body), answer.CacheControl)
            );
        }
    }

    [Fact]
    public void What_is_removed_from_the_register_is_executed_for_half_a_minute_at_most()
    {
        door.Registered[Hash] = Query;
        door.Post(new { documentId = Hash, variables = new { n = 1 } });
        door.Registered.Clear();

        door.Clock.Advance(GraphDocuments.Believed - TimeSpan.FromSeconds(1));
        Assert.Equal(200, door.Post(new { documentId = Hash, variables = new { n = 1 } }).Status);
        door.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(404, door.Post(new { documentId = Hash, variables = new { n = 1 } }).Status);
    }

    [Fact]
    public void Where_the_register_is_away_what_was_seen_there_is_executed()
    {
        door.Registered[Hash] = Query;
        door.Post(new { documentId = Hash, variables = new { n = 1 } });
        door.IsAway = true;
        door.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(200, door.Post(new { documentId = Hash, variables = new { n = 1 } }).Status);
    }

    [Fact]
    public void A_document_that_was_sent_with_its_hash_is_known_by_it()
    {
        var unknown = door.Post(new { extensions = Named(Hash) });
        var old = door.Post(new { extensions = Named(Hash) }, "application/json");
        var taught = door.Post(
            new
            {
                query = Query,
                extensions = Named(Hash),
                variables = new { n = 3 },
            }
        );
        var known = door.Post(new { extensions = Named(Hash), variables = new { n = 4 } });
        var got = door.Get(
            "?variables=%7B%22n%22%3A5%7D&extensions="
                + Uri.EscapeDataString($$$"""{"persistedQuery":{"version":1,"sha256Hash":"{{{Hash}}}"}}""")
        );

        Assert.Equal(
            (400, "PERSISTED_QUERY_NOT_FOUND", "no-store"),
            (unknown.Status, SmallDoor.CodeOf(unknown.Body), unknown.CacheControl)
        );
        Assert.Equal((200, "PERSISTED_QUERY_NOT_FOUND"), (old.Status, SmallDoor.CodeOf(old.Body)));
        Assert.Equal("PersistedQueryNotFound", old.Body.GetProperty("errors")[0].GetProperty("message").GetString());
        Assert.Equal([3, 4, 5], new[] { taught, known, got }.Select(answer => Things(answer.Body)));
    }

    [Fact]
    public void A_hash_stands_for_its_own_text_only()
    {
        door.Post(new { query = Query, extensions = Named(Hash) });

        var poisoned = door.Post(new { query = Other, extensions = Named(Hash) });
        var still = door.Post(new { extensions = Named(Hash), variables = new { n = 1 } });

        Assert.Equal(
            (200, "BAD_REQUEST"),
            (
                door.Post(new { query = Other, extensions = Named(Hash) }, "application/json").Status,
                SmallDoor.CodeOf(poisoned.Body)
            )
        );
        Assert.Equal(1, Things(still.Body));
    }

    [Theory]
    [InlineData("""{"documentId":"abc"}""")]
    [InlineData("""{"documentId":"md5:abc"}""")]
    [InlineData("""{"documentId":1}""")]
    [InlineData("""{"documentId":""}""")]
    [InlineData("""{"documentId":"$hash","query":"{ __typename }"}""")]
    [InlineData("""{"documentId":"$hash","extensions":{"persistedQuery":{"version":1,"sha256Hash":"$hash"}}}""")]
    [InlineData("""{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"$hash"}}}""")]
    [InlineData("""{"extensions":{"persistedQuery":{"sha256Hash":"$hash"}}}""")]
    [InlineData("""{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ABC"}}}""")]
    [InlineData("""{"extensions":{"persistedQuery":[]}}""")]
    [InlineData("""{"extensions":{}}""")]
    public void What_names_no_document_as_it_is_named_is_refused(string body)
    {
        door.Registered[Hash] = Query;

        var answer = door.Post(body.Replace("$hash", Hash, StringComparison.Ordinal));

        Assert.Equal(400, answer.Status);
        Assert.Equal(0, door.Looked);
    }

    [Fact]
    public void Where_only_persisted_documents_are_taken_nothing_else_is()
    {
        using var strict = new SmallDoor(onlyPersisted: true);
        strict.Registered[Hash] = Query;
        var variables = new { n = 2 };

        var free = strict.Post(new { query = Query, variables });
        var taught = strict.Post(
            new
            {
                query = Query,
                extensions = Named(Hash),
                variables,
            }
        );
        var introspection = strict.Get("?query=%7B__schema%7Btypes%7Bname%7D%7D%7D");
        var byId = strict.Post(new { documentId = Hash, variables });
        var byHash = strict.Post(new { extensions = Named(Hash), variables });
        var unknown = strict.Post(new { extensions = Named(GraphDocuments.HashOf(Other)) });

        Assert.All(
            [free, taught, introspection],
            answer => Assert.Equal((403, "ONLY_PERSISTED_DOCUMENTS"), (answer.Status, SmallDoor.CodeOf(answer.Body)))
        );
        Assert.Equal([2, 2], new[] { byId, byHash }.Select(answer => Things(answer.Body)));
        Assert.Equal("PERSISTED_QUERY_NOT_FOUND", SmallDoor.CodeOf(unknown.Body));
    }

    [Fact]
    public void A_document_is_validated_whichever_operation_came_first()
    {
        const string Mixed = "query Good { echo } query Bad { nothing }";

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(400, door.Post(new { query = Mixed, operationName = "Good" }).Status);
            Assert.Equal(400, door.Post(new { query = Mixed, operationName = "Bad" }).Status);
        }
    }

    [Fact]
    public void Variables_are_looked_at_each_time()
    {
        Assert.Equal(200, door.Post(new { query = Query, variables = new { n = 1 } }).Status);
        Assert.Equal(400, door.Post(new { query = Query, variables = new { n = "x" } }).Status);
        Assert.Equal(400, door.Post(new { query = Query }).Status);
        Assert.Equal(200, door.Post(new { query = Query, variables = new { n = 1 } }).Status);
    }

    [Fact]
    public async Task A_document_that_cannot_be_executed_is_not_fit_to_be_registered()
    {
        async Task<string?> Judged(string text) =>
            (await door.Documents.Judge(text, TestContext.Current.CancellationToken)).Rejection?.Code;

        Assert.Null(await Judged(Query));
        Assert.Equal("DOCUMENT_UNFIT", await Judged("{ nothing }"));
        Assert.Equal("DOCUMENT_UNFIT", await Judged("query A { echo } query B { nothing }"));
        Assert.Equal("DOCUMENT_UNFIT", await Judged("fragment F on Query { echo }"));
        Assert.Equal("SYNTAX_ERROR", await Judged("{"));
    }

    public void Dispose() => door.Dispose();

    static object Named(string hash) => new { persistedQuery = new { version = 1, sha256Hash = hash } };

    static int Things(System.Text.Json.JsonElement body) =>
        body.GetProperty("data").GetProperty("things").GetProperty("nodes").GetArrayLength();
}
