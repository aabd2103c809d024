using System.Security.Claims;
using System.Text;
using Kontor.Identity.Tokens;
using Kontor.Platform.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tests.Access;

public sealed class AccessTests(Office office)
{
    [Fact]
    public async Task A_token_with_the_scope_comes_through_and_says_who_it_is()
    {
        var client = await office.NewClient(Scopes.CatalogRead);
        var token = (await office.Ask(client)).Body.GetProperty("access_token").GetString();

        var answer = await office.Get("/read", token);

        Assert.Equal((200, client.ClientId), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_stranger_is_asked_for_a_token()
    {
        var answer = await office.Get("/read");

        answer.Problem(401, "UNAUTHENTICATED");
        Assert.Equal("Bearer realm=\"kontor\"", answer.Challenge);
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        var answer = await office.Get("/write", await office.NewToken(Scopes.CatalogRead));

        answer.Problem(403, "FORBIDDEN");
        Assert.Contains("catalog:write", answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "error=\"insufficient_scope\", scope=\"catalog:write\"",
            answer.Challenge,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_endpoint_that_names_no_rule_is_closed_to_everyone()
    {
        (await office.Get("/unnamed")).Problem(401, "UNAUTHENTICATED");
        (await office.Get("/unnamed", await office.NewToken([.. Scopes.All]))).Problem(403, "FORBIDDEN");
    }

    [Fact]
    public async Task Where_nothing_is_mapped_a_stranger_learns_just_that()
    {
        (await office.Get("/no/such")).Problem(404, "ROUTE_NOT_FOUND");
        using var post = await office.Http.PostAsync("/read", null);
        Assert.Equal(405, (int)post.StatusCode);
        Assert.Equal(["GET"], post.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/open")]
    [InlineData("/held")]
    public async Task Doors_that_say_so_are_open_whatever_token_comes(string path)
    {
        Assert.Equal(200, (await office.Get(path)).Status);
        Assert.Equal(200, (await office.Get(path, "nonsense")).Status);
    }

    [Fact]
    public async Task A_token_in_the_url_or_after_another_scheme_is_not_seen()
    {
        var token = await office.NewToken();
        using var basic = new HttpRequestMessage(HttpMethod.Get, "/read");
        basic.Headers.Authorization = new("Basic", token);

        (await office.Get($"/read?access_token={token}")).Problem(401, "UNAUTHENTICATED");
        (await Answer.Of(await office.Http.SendAsync(basic))).Problem(401, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_token_is_checked_once()
    {
        var token = await office.NewToken();

        for (var i = 0; i < 3; i++)
            Assert.Equal(200, (await office.Get("/read", token)).Status);

        Assert.Equal(1, office.ChecksOf(token));
    }

    [Fact]
    public async Task A_token_outlives_a_restart()
    {
        var token = await office.NewToken();
        await using var again = await office.Open(new(office.KeyFolder, new(Office.Issuer)));
        using var http = new HttpClient { BaseAddress = new(again.Urls.Single()) };

        Assert.Equal(200, (await office.Get("/read", token, http)).Status);
    }

    [Fact]
    public void Every_endpoint_of_the_service_names_its_rule()
    {
        var rules = office
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .ToLookup(e => e.RoutePattern.RawText, e => e.Metadata.GetMetadata<AccessRule>()?.Kind);

        Assert.Equal([AccessKind.OpenToAll], rules[Protocol.TokenPath]);
        Assert.Equal([AccessKind.OpenToAll], rules[Protocol.KeysPath]);
        Assert.Equal([AccessKind.HeldBy], rules["/held"]);
        Assert.Equal([AccessKind.Scope], rules["/read"]);
        Assert.Equal([null], rules["/unnamed"]);
    }

    [Fact]
    public void A_rule_with_a_misspelt_scope_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => new RouteGroupBuilderForTest().RequireScope("catalogue:read"));

    sealed class RouteGroupBuilderForTest : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention) { }
    }
}

/// <summary>Tokens that were not made here, or not now, or not for this.</summary>
public sealed class ForgedTokenTests(Office office)
{
    ECDsaSecurityKey Ours => office.Services.GetRequiredService<SigningKey>().Current;

    [Fact]
    public async Task The_forgers_workshop_can_make_a_good_one()
    {
        // The proof that the refusals below are for the reason that each names.
        Assert.Equal(200, (await office.Get("/read", Forge(_ => { }))).Status);
    }

    [Fact]
    public async Task An_expired_token_is_refused() =>
        await Refused(Forge(t => t.Expires = office.Clock.GetUtcNow().UtcDateTime.AddSeconds(-1)));

    [Fact]
    public async Task A_token_from_tomorrow_is_refused() =>
        await Refused(
            Forge(t =>
            {
                t.NotBefore = office.Clock.GetUtcNow().UtcDateTime.AddMinutes(1);
                t.Expires = office.Clock.GetUtcNow().UtcDateTime.AddMinutes(2);
            })
        );

    [Fact]
    public async Task Another_issuers_token_is_refused() =>
        await Refused(Forge(t => t.Issuer = "https://other.example/"));

    [Fact]
    public async Task A_token_for_another_audience_is_refused() => await Refused(Forge(t => t.Audience = "other"));

    [Fact]
    public async Task A_token_of_another_type_is_refused() => await Refused(Forge(t => t.TokenType = "JWT"));

    [Fact]
    public async Task A_token_signed_by_another_key_is_refused()
    {
        using var stranger = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256
        );
        var key = new ECDsaSecurityKey(stranger) { KeyId = Ours.KeyId };

        await Refused(Forge(t => t.SigningCredentials = new(key, "ES256")));
    }

    [Fact]
    public async Task Our_public_key_is_no_hmac_secret()
    {
        var published = Encoding.UTF8.GetBytes(Ours.ECDsa.ExportSubjectPublicKeyInfoPem());
        var key = new SymmetricSecurityKey(published) { KeyId = Ours.KeyId };

        await Refused(Forge(t => t.SigningCredentials = new(key, "HS256")));
    }

    [Fact]
    public async Task An_unsigned_token_is_refused()
    {
        var parts = Forge(_ => { }).Split('.');
        var none = Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}");

        await Refused($"{none}.{parts[1]}.");
        await Refused($"{none}.{parts[1]}.{parts[2]}");
        await Refused($"{parts[0]}.{parts[1]}.");
    }

    [Fact]
    public async Task A_token_with_a_scope_written_in_is_refused()
    {
        var parts = Forge(_ => { }).Split('.');
        var payload = Base64UrlEncoder
            .Decode(parts[1])
            .Replace("catalog:read", "catalog:write", StringComparison.Ordinal);

        await Refused($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    [InlineData("a.b.c.d.e")]
    public async Task Nonsense_is_refused(string token) => await Refused(token);

    async Task Refused(string token)
    {
        var answer = await office.Get("/read", token);

        answer.Problem(401, "UNAUTHENTICATED");
        Assert.Contains("error=\"invalid_token\"", answer.Challenge, StringComparison.Ordinal);
    }

    string Forge(Action<SecurityTokenDescriptor> change)
    {
        var now = office.Clock.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Issuer = Office.Issuer,
            Audience = KontorBearer.Audience,
            TokenType = "at+jwt",
            IssuedAt = now.AddMinutes(-5),
            NotBefore = now.AddMinutes(-5),
            Expires = now.AddMinutes(5),
            Subject = new ClaimsIdentity([new("sub", "forger"), new("scope", "catalog:read")]),
            SigningCredentials = new(Ours, "ES256"),
        };
        change(token);
        return new JsonWebTokenHandler().CreateToken(token);
    }
}
