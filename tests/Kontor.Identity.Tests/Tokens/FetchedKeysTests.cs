using Kontor.Identity.Tokens;
using Kontor.Platform.Neighbours;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kontor.Identity.Tests.Tokens;

/// <summary>A process without Identity knows callers by the keys that Identity publishes.</summary>
public sealed class FetchedKeysTests(Office office) : IClassFixture<Office>
{
    [Fact]
    public async Task A_token_of_identity_is_trusted_by_its_published_keys()
    {
        var token = await office.NewToken("catalog:read");
        var line = new Line(office.Address);
        using var keys = Keys(line);

        var verified = await keys.Check(token, default);
        await keys.Check(token, default);

        Assert.True(verified?.Caller.HasClaim("scope", "catalog:read"));
        Assert.Equal(1, line.Asked);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    [InlineData("a.b.c.d.e")]
    public async Task Nonsense_is_no_token_and_costs_identity_nothing(string token)
    {
        var line = new Line(office.Address);
        using var keys = Keys(line);

        Assert.Null(await keys.Check(token, default));
        Assert.Equal(0, line.Asked);
    }

    [Fact]
    public async Task Invented_keys_are_asked_for_once_in_a_while_only()
    {
        var line = new Line(office.Address);
        using var keys = Keys(line);
        await keys.Check(await office.NewToken("catalog:read"), default);

        foreach (var name in Enumerable.Range(0, 20))
            Assert.Null(await keys.Check(Forged($"key-{name}"), default));

        Assert.Equal(1, line.Asked);
    }

    [Fact]
    public async Task While_identity_is_away_the_known_keys_go_on()
    {
        var token = await office.NewToken("catalog:read");
        var line = new Line(office.Address);
        using var keys = Keys(line);
        await keys.Check(token, default);
        line.IsAway = true;
        office.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Null(await keys.Check(Forged("unknown"), default));
        Assert.NotNull(await keys.Check(token, default));
    }

    [Fact]
    public async Task A_process_that_never_reached_identity_says_so()
    {
        var token = await office.NewToken("catalog:read");
        using var keys = Keys(new Line(office.Address) { IsAway = true });

        await Assert.ThrowsAsync<NeighbourAwayException>(async () => await keys.Check(token, default));
    }

    FetchedKeys Keys(Line line) =>
        new(line, new("", new(Office.Issuer)), office.Clock, NullLogger<FetchedKeys>.Instance);

    static string Forged(string key)
    {
        using var own = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256
        );
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = "at+jwt",
                SigningCredentials = new(new ECDsaSecurityKey(own) { KeyId = key }, "ES256"),
            }
        );
    }

    /// <summary>The way to Identity, which can be cut.</summary>
    sealed class Line(Uri identity) : IHttpClientFactory
    {
        public int Asked { get; private set; }

        public bool IsAway { get; set; }

        public HttpClient CreateClient(string name)
        {
            Asked++;
            return new() { BaseAddress = IsAway ? new("http://127.0.0.1:1/") : identity };
        }
    }
}
