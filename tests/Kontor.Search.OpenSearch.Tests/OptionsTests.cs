namespace Kontor.Search.OpenSearch.Tests;

/// <summary>What an operator says is taken as meant, or refused before anything is sent.</summary>
public sealed class OptionsTests(Stand stand) : IClassFixture<Stand>
{
    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credentials_go_with_each_request()
    {
        var basic = Stand.Engine(stand.Options() with { User = "shop", Password = "pass:word" });
        var bearer = Stand.Engine(stand.Options() with { Token = "token" });

        await basic.Ensure(stop);
        await bearer.Ensure(stop);

        Assert.Contains("Basic c2hvcDpwYXNzOndvcmQ=", stand.Server.Credentials);
        Assert.Contains("Bearer token", stand.Server.Credentials);
    }

    [Theory]
    [InlineData("attribute.colour")]
    [InlineData("other")]
    [InlineData("")]
    public void A_text_field_that_would_be_a_level_of_the_mapping_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() =>
            new OpenSearchEngine(new HttpClient(), stand.Options(), new([new(name)]), TimeProvider.System)
        );

    [Fact]
    public async Task All_languages_and_many_fields_fit_into_the_mapping()
    {
        var all = stand.Options() with { Alias = "all", Languages = new Dictionary<string, string>() };
        var schema = new SearchSchema([.. Enumerable.Range(0, 600).Select(number => new TextField($"field-{number}"))]);

        await new OpenSearchEngine(new HttpClient(), all, schema, TimeProvider.System).Ensure(stop);

        Assert.Contains("all-1", stand.Server.Cluster.Names);
    }

    [Theory]
    [InlineData("http://search.example", "products", "shop", "secret", null, "in the clear")]
    [InlineData("https://shop:secret@search.example", "products", null, null, null, "User and Password")]
    [InlineData("https://search.example/open", "products", null, null, null, "ends with '/'")]
    [InlineData("https://search.example/open/", "products", null, null, null, null)]
    [InlineData("https://search.example", "products", "shop", null, null, "needs a password")]
    [InlineData("https://search.example", "products", "shop", "secret", "token", "Either")]
    [InlineData("https://search.example", "Products", null, null, null, "no name of an alias")]
    [InlineData("https://search.example", "a/_search", null, null, null, "no name of an alias")]
    [InlineData("https://search.example", "products", "shop", "secret", null, null)]
    [InlineData("http://search.example", "products", null, null, null, null)]
    [InlineData("http://127.0.0.1:9200", "products", "shop", "secret", null, null)]
    public void Options_with_a_fault_are_refused(
        string address,
        string alias,
        string? user,
        string? password,
        string? token,
        string? reason
    )
    {
        var options = new OpenSearchOptions(new(address), alias)
        {
            User = user,
            Password = password,
            Token = token,
        };

        if (reason is null)
            Assert.Null(options.Fault);
        else
            Assert.Contains(reason, options.Fault);
    }
}
