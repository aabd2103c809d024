using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Kontor.Search.OpenSearch.Tests.Interpreter;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>The interpreter is strict: what the documentation does not know is refused, and the test that sent it is red. Planted
/// here, one of a kind.</summary>
public sealed class ContractTests : IAsyncLifetime
{
    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    readonly HttpClient http = new();
    Server server = null!; // Since InitializeAsync.

    public async ValueTask InitializeAsync()
    {
        server = await Server.Start();
        var options = new OpenSearchOptions(server.Address, "shop");
        var engine = new OpenSearchEngine(
            http,
            options with
            {
                Languages = new Dictionary<string, string>(),
            },
            SearchSchema.Usual,
            TimeProvider.System
        );
        await engine.Ensure(stop);
        await engine.Apply([Wares.Of(1, "lamp", language: "")], [], 1, stop);
        Assert.Empty(server.Unknown);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"query":{"match_all":{}},"limit":1,"timeout":"1s"}""", "does not know [limit]")]
    [InlineData("""{"query":{"match_all":{"boosted":1}},"timeout":"1s"}""", "does not know [boosted]")]
    [InlineData("""{"query":{"equals":{"id":"1"}},"timeout":"1s"}""", "unknown query")]
    [InlineData("""{"query":{"bool":{"filters":[]}},"timeout":"1s"}""", "does not know [filters]")]
    [InlineData("""{"query":{"term":{"id":"1","from":"2"}},"timeout":"1s"}""", "one member")]
    [InlineData("""{"query":{"term":{"colour":"red"}},"timeout":"1s"}""", "no field [colour]")]
    [InlineData("""{"query":{"term":{"rows.words":"red"}},"timeout":"1s"}""", "lies in [rows]")]
    [InlineData(
        """{"query":{"nested":{"path":"texts","query":{"match_all":{}}}},"timeout":"1s"}""",
        "failed to find nested"
    )]
    [InlineData(
        """{"query":{"nested":{"path":"rows","query":{"term":{"id":"1"}}}},"timeout":"1s"}""",
        "asked for in [rows]"
    )]
    [InlineData("""{"query":{"term":{"created":"1"}},"timeout":"1s"}""", "is Long")]
    [InlineData("""{"query":{"range":{"created":{"above":1}}},"timeout":"1s"}""", "does not know [above]")]
    [InlineData("""{"query":{"range":{"created":{"gt":"1"}}},"timeout":"1s"}""", "to be a number")]
    [InlineData("""{"query":{"multi_match":{"query":"a","fields":["rows.words"]}},"timeout":"1s"}""", "lies in [rows]")]
    [InlineData(
        """{"query":{"match_all":{}},"sort":[{"created":{"order":"up","missing":0}}],"timeout":"1s"}""",
        "does not know [up]"
    )]
    [InlineData(
        """{"query":{"match_all":{}},"sort":[{"created":{"missing":"_last"}}],"timeout":"1s"}""",
        "nothing stands for it"
    )]
    [InlineData(
        """{"query":{"match_all":{}},"sort":[{"id":{"missing":"_last"}}],"search_after":["1",2],"timeout":"1s"}""",
        "search_after"
    )]
    [InlineData(
        """{"query":{"match_all":{}},"aggs":{"a":{"reverse_nested":{}}},"timeout":"1s"}""",
        "cannot be used outside"
    )]
    [InlineData(
        """{"query":{"match_all":{}},"aggs":{"a":{"terms":{"field":"id","order":[{"b":"desc"}]}}},"timeout":"1s"}""",
        "order path"
    )]
    [InlineData(
        """{"query":{"match_all":{}},"aggs":{"a":{"count":{"field":"id"}}},"timeout":"1s"}""",
        "Unknown aggregation"
    )]
    [InlineData(
        """{"query":{"match_all":{}},"aggs":{"a":{"histogram":{"field":"created","interval":0,"min_doc_count":1}}},"timeout":"1s"}""",
        ">0"
    )]
    [InlineData("""{"query":{"match_all":{}},"size":10001,"timeout":"1s"}""", "0 to 10000")]
    public async Task A_search_that_no_documentation_has_is_refused(string body, string reason)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new("application/json");

        var answer = await http.PostAsync(new Uri(server.Address, "shop/_search"), content, stop);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(reason, Assert.Single(server.Unknown));
    }

    [Theory]
    [InlineData("POST", "shop/_search?size=1", "{}", "unrecognized parameter")]
    [InlineData("POST", "shop/_find", "{}", "no handler")]
    [InlineData("PUT", "shop/_search", "{}", "no handler")]
    [InlineData(
        "POST",
        "shop/_search?preference=_mine",
        """{"query":{"match_all":{}},"timeout":"1s"}""",
        "begin with _"
    )]
    [InlineData("PUT", "Shop", "{}", "Invalid index name")]
    [InlineData("POST", "_aliases", """{"actions":[{"swap":{"index":"shop-1","alias":"x"}}]}""", "missing")]
    [InlineData("POST", "shop/_mget", """{"ids":[1]}""", "to be a string")]
    public async Task A_request_that_no_documentation_has_is_refused(
        string method,
        string path,
        string body,
        string reason
    )
    {
        using var request = new HttpRequestMessage(new(method), new Uri(server.Address, path));
        request.Content = new StringContent(body, Encoding.UTF8);
        request.Content.Headers.ContentType = new("application/json");

        await http.SendAsync(request, stop);

        Assert.Contains(reason, Assert.Single(server.Unknown));
    }

    [Theory]
    [InlineData("""{"index":{"_id":"1","version":2,"version_type":"external_gte"}}""" + "\n{}", "newline")]
    [InlineData("""{"index":{"_id":"1","version":2,"version_type":"newest"}}""" + "\n{}\n", "does not know [newest]")]
    [InlineData("""{"index":{"_id":"1","version":-2,"version_type":"external_gte"}}""" + "\n{}\n", "illegal version")]
    public async Task A_bulk_that_no_documentation_has_is_refused(string body, string reason)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new("application/x-ndjson");

        await http.PostAsync(new Uri(server.Address, "shop/_bulk?require_alias=true"), content, stop);

        Assert.Contains(reason, Assert.Single(server.Unknown));
    }

    [Fact]
    public async Task A_member_that_the_mapping_does_not_have_is_refused()
    {
        var body =
            """{"index":{"_id":"1","version":2,"version_type":"external_gte"}}"""
            + "\n"
            + """{"colour":"red"}"""
            + "\n";
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new("application/x-ndjson");

        var answer = await http.PostAsync(new Uri(server.Address, "shop/_bulk?require_alias=true"), content, stop);

        var items = await answer.Content.ReadFromJsonAsync<JsonObject>(stop);
        Assert.Equal("strict_dynamic_mapping_exception", (string)items!["items"]![0]!["index"]!["error"]!["type"]!);
    }

    [Fact]
    public async Task What_was_written_is_found_when_it_was_refreshed_and_read_at_once()
    {
        var options = new OpenSearchOptions(server.Address, "shop");
        var index = server.Cluster.Behind(options.Alias);
        using var content = new StringContent(
            """{"index":{"_id":"x","version":2,"version_type":"external_gte"}}""" + "\n" + """{"id":"x"}""" + "\n",
            Encoding.UTF8
        );
        content.Headers.ContentType = new("application/x-ndjson");
        await http.PostAsync(new Uri(server.Address, "shop/_bulk?require_alias=true"), content, stop);

        Assert.True((bool)index.Get("x")["found"]!);
        Assert.Equal(0, await Count());
        index.Refresh();
        Assert.Equal(1, await Count());

        async Task<int> Count()
        {
            using var search = new StringContent(
                """{"query":{"term":{"id":"x"}},"timeout":"1s"}""",
                Encoding.UTF8,
                "application/json"
            );
            search.Headers.ContentType = new("application/json");
            var answer = await http.PostAsync(new Uri(server.Address, "shop/_search"), search, stop);
            return (int)(await answer.Content.ReadFromJsonAsync<JsonObject>(stop))!["hits"]!["total"]!["value"]!;
        }
    }
}
