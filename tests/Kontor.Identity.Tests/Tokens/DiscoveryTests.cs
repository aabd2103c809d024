using System.Text.Json;
using Kontor.Platform.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tests.Tokens;

public sealed class DiscoveryTests(Office office)
{
    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Discovery_names_the_public_doors(string path)
    {
        var found = (await office.Get(path)).Body;

        Assert.Equal(Office.Issuer, found.GetProperty("issuer").GetString());
        Assert.Equal("https://kontor.example/connect/token", found.GetProperty("token_endpoint").GetString());
        Assert.Equal("https://kontor.example/.well-known/jwks", found.GetProperty("jwks_uri").GetString());
        Assert.Equal(["client_credentials"], Texts(found.GetProperty("grant_types_supported")));
        Assert.Equal(Scopes.All.Order(), Texts(found.GetProperty("scopes_supported")).Order());
    }

    [Fact]
    public async Task Any_service_can_check_a_token_with_the_published_keys_alone()
    {
        var token = await office.NewToken();

        var keys = new JsonWebKeySet((await office.Get("/.well-known/jwks")).Text);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new()
            {
                IssuerSigningKeys = keys.GetSigningKeys(),
                ValidIssuer = Office.Issuer,
                ValidAudience = KontorBearer.Audience,
                ValidateLifetime = false,
            }
        );

        Assert.True(result.IsValid);
        Assert.Equal("", keys.Keys.Single().D ?? "");
    }

    [Fact]
    public async Task Without_an_issuer_the_callers_address_stands_for_it_on_this_machine_only()
    {
        await using var app = await office.Open(new(office.KeyFolder));
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        using var lan = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration");
        lan.Headers.Host = "shop.lan:8080";

        var here = await office.Get("/.well-known/openid-configuration", from: http);
        var there = await Answer.Of(await http.SendAsync(lan));

        Assert.Equal(http.BaseAddress!.AbsoluteUri, here.Body.GetProperty("issuer").GetString());
        there.Refused(400, "invalid_request");
    }

    [Theory]
    [InlineData("http://shop.lan")]
    [InlineData("https://shop.example/path")]
    [InlineData("https://a:b@shop.example")]
    [InlineData("ftp://shop.example")]
    public void An_issuer_is_a_safe_origin(string issuer) =>
        Assert.Throws<ArgumentException>(() => new IdentitySettings("keys", new(issuer)));

    static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString());
}
