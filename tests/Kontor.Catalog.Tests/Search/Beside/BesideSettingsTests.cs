using Kontor.Catalog.Search.Beside;
using Kontor.Platform;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Tests.Search.Beside;

/// <summary>What an operator gets wrong about the search engine is told by its name, and no secret is told.</summary>
public sealed class BesideSettingsTests
{
    static BesideSettings? Read(params string[] set) =>
        BesideSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    set.Select(one =>
                        KeyValuePair.Create($"Search:OpenSearch:{one.Split('=')[0]}", (string?)one.Split('=')[1])
                    )
                )
                .Build()
        );

    [Fact]
    public void With_nothing_set_products_are_found_in_memory() => Assert.Null(Read());

    [Fact]
    public void What_is_set_is_taken_and_a_secret_is_not_shown()
    {
        var read = Read("Address=https://search.example:9200", "User=kontor", "Password=hush", "Shards=3")!;

        Assert.Equal("https://search.example:9200/", read.Options.Address.ToString());
        Assert.Equal(("kontor", "hush", 3), (read.Options.User, read.Options.Password, read.Options.Shards));
        Assert.StartsWith("kontor-", read.Options.Alias);
        Assert.DoesNotContain("hush", read.ToString());
        Assert.DoesNotContain("hush", read.Options.ToString());
        Assert.NotEqual(read.Options.Alias, Read("Address=https://search.example:9200")!.Options.Alias);
        Assert.Equal(
            read.Options.Alias,
            Read("Address=https://other.example", "Shards=3", "Replicas=2")!.Options.Alias
        );
    }

    [Fact]
    public async Task A_file_without_a_certificate_is_no_file_of_authorities()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "no certificate");

            var wrong = Assert.Throws<MisconfiguredException>(() =>
                Read("Address=https://s.example", $"Authorities={file}")
            );

            Assert.StartsWith("Search:OpenSearch:Authorities ", wrong.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("Address", "Index=shop")]
    [InlineData("Address", "Address=search.example")]
    [InlineData("Address", "Address=http://search.example:9200")]
    [InlineData("Address", "Address=https://kontor:hush@search.example:9200")]
    [InlineData("Index", "Address=https://s.example", "Index=Shop")]
    [InlineData("User", "Address=https://s.example", "User=kontor")]
    [InlineData("User", "Address=https://s.example", "Password=hush")]
    [InlineData("Token", "Address=https://s.example", "User=kontor", "Password=hush", "Token=hush")]
    [InlineData("PasswordFile", "Address=https://s.example", "User=kontor", "PasswordFile=/nowhere/at/all")]
    [InlineData("Password", "Address=https://s.example", "User=kontor", "Password=hush", "PasswordFile=/nowhere")]
    [InlineData("Authorities", "Address=https://s.example", "Authorities=/nowhere/at/all")]
    [InlineData("Shards", "Address=https://s.example", "Shards=0")]
    [InlineData("TimeoutMs", "Address=https://s.example", "TimeoutMs=soon")]
    [InlineData("Adress", "Adress=https://s.example")]
    public void What_is_wrong_is_named(string key, params string[] set)
    {
        var wrong = Assert.Throws<MisconfiguredException>(() => Read(set));

        Assert.StartsWith($"Search:OpenSearch:{key} ", wrong.Message);
        Assert.DoesNotContain("hush", wrong.Message);
    }
}
