using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Xunit;

namespace Kontor.Platform.Tests.Stream;

/// <summary>Who is not let in, or not let stay, and what he is told.</summary>
public sealed class RefusalTests
{
    const string Whole = StreamShop.AllScopes;

    [Theory]
    [InlineData("topics=catalog", null, 401, "UNAUTHENTICATED")]
    [InlineData("topics=catalog", "forged", 401, "UNAUTHENTICATED")]
    [InlineData("topics=catalog", "catalog:read", 403, "FORBIDDEN")]
    [InlineData("topics=catalog,ordering", "stream:read catalog:read", 403, "FORBIDDEN")]
    [InlineData("", Whole, 400, "VALIDATION_FAILED")]
    [InlineData("topics=catalog,catalog", Whole, 400, "VALIDATION_FAILED")]
    [InlineData("topics=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", Whole, 400, "VALIDATION_FAILED")]
    [InlineData("topics=identity", Whole, 404, "UNKNOWN_TOPIC")]
    [InlineData("topics=catalog,", Whole, 404, "UNKNOWN_TOPIC")]
    [InlineData("topics=catalog&after=", Whole, 400, "INVALID_POSITION")]
    [InlineData("topics=catalog&after=42", Whole, 400, "INVALID_POSITION")]
    [InlineData("topics=catalog&after=ordering:0", Whole, 400, "INVALID_POSITION")]
    [InlineData("topics=catalog&after=catalog:0,catalog:0", Whole, 400, "INVALID_POSITION")]
    [InlineData("topics=catalog&after=catalog:0badcafe.7", Whole, 400, "INVALID_POSITION")]
    [InlineData("topics=catalog&access_token=x", Whole, 400, "UNKNOWN_PARAMETER")]
    [InlineData("topics=catalog&token=x", null, 400, "UNKNOWN_PARAMETER")]
    [InlineData("topics=catalog&topics=ordering", Whole, 400, "UNKNOWN_PARAMETER")]
    public async Task A_refusal_before_the_stream_is_a_problem(string query, string? token, int status, string code)
    {
        await using var shop = await StreamShop.Open();

        await using var source = shop.EventSource(query, token);
        using var answer = await source.Connect();
        var problem = JsonSerializer.Deserialize<Problem>(
            await answer.Content.ReadAsStringAsync(),
            KontorJson.Options
        )!;

        Assert.Equal((status, code), (problem.Status, problem.Code));
        Assert.Equal(
            (status, "application/problem+json"),
            ((int)answer.StatusCode, $"{answer.Content.Headers.ContentType}")
        );
        if (status == 401)
            Assert.StartsWith("Bearer", $"{answer.Headers.WwwAuthenticate}");
        if (token is null)
            return;
        await using var socket = shop.Socket(query, token);
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.Connect());
        Assert.Equal(status, (int)socket.HandshakeStatus);
    }

    [Fact]
    public async Task A_position_beyond_the_head_is_refused()
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "s", "{}");
        await StreamShop.Numbered(shop.Catalog, 1);
        var incarnation = (await shop.Catalog.Head(default)).Incarnation;

        await using var beyond = shop.EventSource($"topics=catalog&after=catalog:{incarnation}.2");
        await using var unwritten = shop.EventSource($"topics=catalog&after=catalog:{incarnation}~999");

        Assert.Equal(HttpStatusCode.BadRequest, (await beyond.Connect()).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await unwritten.Connect()).StatusCode);
    }

    [Fact]
    public async Task A_token_may_come_in_the_first_frame()
    {
        await using var shop = await StreamShop.Open();
        await StreamShop.Append(shop.Catalog, "s", "{}");

        await using var socket = shop.Socket("topics=catalog&after=catalog:0", token: null);
        await socket.Connect();
        await socket.Say($$"""{"token": "{{Whole}}"}""");

        Assert.Equal(1, (await socket.Events().Take(1)).Single().Sequence);
    }

    [Theory]
    [InlineData("""{"token": "forged"}""", "catalog:0", 4401, "UNAUTHENTICATED")]
    [InlineData("hello", "catalog:0", 4401, "UNAUTHENTICATED")]
    [InlineData("""{"token": null}""", "catalog:0", 4401, "UNAUTHENTICATED")]
    [InlineData("""{"token": "catalog:read"}""", "catalog:0", 4403, "FORBIDDEN")]
    [InlineData("""{"token": "stream:read catalog:read"}""", "catalog:0badcafe.7", 4400, "INVALID_POSITION")]
    public async Task A_first_frame_can_be_refused(string frame, string after, int close, string code)
    {
        await using var shop = await StreamShop.Open();

        await using var socket = shop.Socket($"topics=catalog&after={after}", token: null);
        await socket.Connect();
        await socket.Say(frame);

        await IsClosed(socket, close, code);
    }

    [Fact]
    public async Task A_client_that_says_no_token_is_closed()
    {
        await using var shop = await StreamShop.Open(("TokenWithin", "00:00:00.2"));

        await using var socket = shop.Socket("topics=catalog", token: null);
        await socket.Connect();

        await IsClosed(socket, 4401, "UNAUTHENTICATED");
    }

    [Theory]
    [InlineData(4096, 1008, "UNEXPECTED_MESSAGE")]
    [InlineData(4097, 1009, "MESSAGE_TOO_LARGE")]
    public async Task A_client_that_talks_is_closed(int length, int close, string code)
    {
        await using var shop = await StreamShop.Open();

        await using var socket = shop.Socket("topics=catalog");
        await socket.Connect();
        await socket.Say(new string('x', length));

        await IsClosed(socket, close, code);
    }

    [Fact]
    public async Task A_token_that_expires_ends_the_stream()
    {
        await using var shop = await StreamShop.Open();
        var soon = DateTimeOffset.UnixEpoch.AddMilliseconds(
            TimeProvider.System.GetUtcNow().AddSeconds(3).ToUnixTimeMilliseconds()
        );
        var token = string.Create(CultureInfo.InvariantCulture, $"{Whole}|{soon.ToUnixTimeMilliseconds()}");

        await using var socket = shop.Socket("topics=catalog", token);
        await using var source = shop.EventSource("topics=catalog", token);
        var events = source.ToEnd();
        await IsClosed(socket, 4401, "TOKEN_EXPIRED");

        Assert.Equal("TOKEN_EXPIRED", (await events)[^1].Json.GetProperty("code").GetString());
        Assert.True(TimeProvider.System.GetUtcNow() >= soon);
    }

    [Fact]
    public async Task No_more_clients_come_in_than_may_and_one_that_leaves_makes_room()
    {
        await using var shop = await StreamShop.Open(("MaxConnections", "1"));

        await using var first = shop.Socket("topics=catalog");
        await first.Until("kontor.stream.live");
        await using var second = shop.EventSource("topics=catalog");
        using var refused = await second.Connect();
        await first.Close();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
        Assert.Contains("STREAM_FULL", await refused.Content.ReadAsStringAsync());
        using var late = new CancellationTokenSource(StreamShop.Deadline);
        while ((await second.Connect()).StatusCode != HttpStatusCode.OK)
            await Task.Delay(20, late.Token);
    }

    static async Task IsClosed(SocketReader socket, int close, string code)
    {
        var last = (await socket.ToEnd())[^1];

        Assert.Equal(("kontor.stream.closed", code), (last.Type, last.Json.GetProperty("code").GetString()));
        Assert.Equal((close, code), ((int)socket.CloseStatus!, socket.CloseReason));
    }
}
