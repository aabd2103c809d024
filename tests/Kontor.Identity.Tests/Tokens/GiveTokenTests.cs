using Kontor.Identity.Tokens;
using Kontor.Platform.Access;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Kontor.Identity.Tests.Tokens;

public sealed class GiveTokenTests(Office office)
{
    [Fact]
    public async Task A_client_gets_a_token_with_http_basic()
    {
        var client = await office.NewClient();

        var answer = await office.Ask(client);

        Assert.Equal(200, answer.Status);
        Assert.Equal("Bearer", answer.Body.GetProperty("token_type").GetString());
        Assert.Equal(600, answer.Body.GetProperty("expires_in").GetInt32(), 5.0);
        Assert.False(answer.Body.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task A_client_gets_a_token_with_its_secret_in_the_body()
    {
        var client = await office.NewClient();

        var answer = await office.Post(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = client.ClientId,
                ["client_secret"] = client.ClientSecret,
            }
        );

        Assert.Equal(200, answer.Status);
        Assert.Equal(200, (await office.Get("/read", answer.Body.GetProperty("access_token").GetString())).Status);
    }

    [Fact]
    public async Task A_token_is_a_plain_jwt_that_says_who_and_what_and_is_stored_nowhere()
    {
        var client = await office.NewClient();

        var token = new JsonWebToken((await office.Ask(client)).Body.GetProperty("access_token").GetString());

        Assert.Equal(("ES256", "at+jwt"), (token.Alg, token.Typ));
        Assert.Equal((Office.Issuer, client.ClientId), (token.Issuer, token.Subject));
        Assert.Equal([KontorBearer.Audience], token.Audiences);
        Assert.Equal(TimeSpan.FromMinutes(Protocol.AccessTokenMinutes), token.ValidTo - token.IssuedAt);
        Assert.Equal(
            0L,
            await office.Query<long>("select (select count(*) from tokens) + (select count(*) from authorizations)")
        );
    }

    [Fact]
    public async Task Without_scope_a_token_has_all_that_the_client_was_granted()
    {
        var answer = await office.Ask(await office.NewClient(Scopes.CatalogRead, Scopes.ImportsRun));

        Assert.Equal("catalog:read imports:run", ScopeOf(answer));
    }

    [Fact]
    public async Task With_scope_a_token_has_no_more_than_was_asked()
    {
        var client = await office.NewClient(Scopes.CatalogRead, Scopes.ImportsRun);

        var answer = await office.Ask(client, new Dictionary<string, string> { ["scope"] = "imports:run" });

        Assert.Equal("imports:run", ScopeOf(answer));
    }

    [Theory]
    [InlineData("catalog:write")]
    [InlineData("catalog:read catalog:write")]
    [InlineData("no:such")]
    [InlineData("openid")]
    public async Task An_ungranted_scope_is_refused(string scope)
    {
        var client = await office.NewClient(Scopes.CatalogRead);

        (await office.Ask(client, new Dictionary<string, string> { ["scope"] = scope })).Refused(400, "invalid_scope");
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_with_a_challenge()
    {
        var client = await office.NewClient();

        var answer = await office.Ask(client with { ClientSecret = client.ClientSecret[..^2] + "xx" });

        answer.Refused(401, "invalid_client");
        Assert.StartsWith("Basic", answer.Challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody-aaaaaaaa")]
    [InlineData("a\0b")]
    [InlineData("' or 1=1 --")]
    public async Task An_unknown_client_is_refused_like_a_wrong_secret(string id)
    {
        var wrong = await office.Ask((await office.NewClient()) with { ClientSecret = "wrong" });

        var unknown = await office.Ask(new(id, "wrong"));

        unknown.Refused(401, "invalid_client");
        Assert.Equal(wrong.Text, unknown.Text);
    }

    [Fact]
    public async Task A_removed_client_gets_no_token()
    {
        var client = await office.NewClient();
        Assert.Equal(200, (await office.Ask(client)).Status);

        Assert.Equal("Order desk", (await office.Clients.Remove(client.ClientId, default)).Value);

        (await office.Ask(client)).Refused(401, "invalid_client");
    }

    [Theory]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("authorization_code", "unsupported_grant_type")]
    [InlineData("", "invalid_request")]
    public async Task Another_grant_is_refused(string grant, string error)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = grant,
            ["username"] = "a",
            ["password"] = "b",
        };

        (await office.Post(form, await office.NewClient())).Refused(400, error);
    }

    [Fact]
    public async Task A_request_without_grant_type_is_refused() =>
        (
            await office.Post(new Dictionary<string, string> { ["scope"] = "catalog:read" }, await office.NewClient())
        ).Refused(400, "invalid_request");

    [Fact]
    public async Task A_request_without_client_is_refused() =>
        (await office.Post(new Dictionary<string, string> { ["grant_type"] = "client_credentials" })).Refused(
            400,
            "invalid_request"
        );

    [Fact]
    public async Task A_form_that_cannot_be_read_is_the_callers_fault()
    {
        var many = Enumerable.Range(0, 1500).ToDictionary(i => $"k{i}", _ => "v");
        var long_ = new Dictionary<string, string> { ["grant_type"] = new('x', 20_000) };

        (await office.Post(many)).Refused(400, "invalid_request");
        (await office.Post(long_)).Refused(413, "invalid_request");
        using var json = new StringContent("{}", null, "application/json");
        (await Answer.Of(await office.Http.PostAsync("/connect/token", json))).Refused(400, "invalid_request");
    }

    [Fact]
    public async Task The_door_takes_only_post() => Assert.Equal(405, (await office.Get("/connect/token")).Status);

    static string? ScopeOf(Answer answer) =>
        new JsonWebToken(answer.Body.GetProperty("access_token").GetString()).GetPayloadValue<string>("scope");
}
