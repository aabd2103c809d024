using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Kontor.Catalog.Bulk;
using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.Tests.Bulk;

/// <summary>Bodies that are packed, in a wrong form, or break off.</summary>
public sealed class PackedBodyTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task What_cannot_be_read_once_lines_are_answered_is_told_as_a_line()
    {
        var key = shop.Fresh();
        var half = Packed(string.Join('\n', Enumerable.Range(0, 600).Select(i => Line($"{key}-{i}"))) + "\n");

        var told = Lines.Of((await Send([.. half, .. half], "gzip")).Is(200).Text);

        var last = told[^2];
        Assert.Equal(("rejected", "MALFORMED_BODY"), (last.Text("status"), last.Text("code")));
        Assert.Equal(600, await shop.Query<long>("select count(*) from products where key like $1", $"{key}-%"));
    }

    [Fact]
    public async Task A_body_may_be_packed_with_gzip()
    {
        var key = shop.Fresh();
        var lines = string.Join('\n', Enumerable.Range(0, 500).Select(i => Line($"{key}-{i}")));

        var told = Lines.Of((await Send(Packed(lines), "gzip")).Is(200).Text);
        var again = Lines.Of((await Send(Packed(lines), "GZIP")).Is(200).Text);

        Assert.Equal((500, 0, 0, 0), told.Sum());
        Assert.Equal((0, 0, 500, 0), again.Sum());
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, gzip")]
    public async Task Another_packing_is_refused_with_what_to_do(string packing)
    {
        var refused = await Send(Packed(Line(shop.Fresh())), packing);

        refused.Refused(415, "UNSUPPORTED_MEDIA_TYPE");
        Assert.Contains("gzip", refused.Json.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.Contains(packing, refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_kind_of_body_is_told_what_to_send()
    {
        var refused = await shop.TryWrite(Line(shop.Fresh()), "text/csv");

        refused.Refused(415, "UNSUPPORTED_MEDIA_TYPE");
        Assert.Contains(
            "application/x-ndjson",
            refused.Json.GetProperty("title").GetString(),
            StringComparison.Ordinal
        );
        Assert.Contains("text/csv", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_gzip_is_refused_and_is_no_fault_of_ours()
    {
        var whole = Packed(string.Join('\n', Enumerable.Range(0, 50).Select(i => Line($"{shop.Fresh("cut")}-{i}"))));

        (await Send(Encoding.UTF8.GetBytes(Line(shop.Fresh())), "gzip")).Refused(400, "BAD_REQUEST");
        (await Send(whole[..^20], "gzip")).Refused(400, "BAD_REQUEST");

        Assert.Equal(0, await shop.Query<long>("select count(*) from products where key like 'cut-%'"));
    }

    [Fact]
    public async Task It_unfolds_to_so_many_bytes_and_no_more()
    {
        var bomb = Packed(new string('x', 100_000));
        async Task<long> Unfold(long most)
        {
            var request = new DefaultHttpContext().Request;
            request.Body = new MemoryStream(bomb);
            request.Headers.ContentEncoding = "gzip";
            Assert.True(PackedBody.Of(request, most).Is(out var body, out _));
            using var unfolded = new MemoryStream();
            var buffer = new byte[4_096];
            int read;
            while ((read = await body.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
                unfolded.Write(buffer, 0, read);
            return unfolded.Length;
        }

        Assert.Equal(100_000, await Unfold(100_000));
        var tooLarge = await Assert.ThrowsAsync<UnreadableBodyException>(() => Unfold(99_999));
        Assert.Equal(413, tooLarge.StatusCode);
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_is_noted_and_is_no_fault()
    {
        var key = shop.Fresh("left");
        var noted = FaultLog.Noting("has left");
        using (var line = new TcpClient())
        {
            await line.ConnectAsync("127.0.0.1", shop.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
            line.LingerState = new LingerOption(enable: true, seconds: 0);
            var lines = string.Concat(Enumerable.Range(0, 250).Select(i => Line($"{key}-{i}") + "\n"));
            var head =
                $"POST {Lines.Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer catalog:write\r\n"
                + $"Content-Type: {Lines.Media}\r\nContent-Length: 1000000\r\n\r\n";
            await line.GetStream()
                .WriteAsync(Encoding.UTF8.GetBytes(head + lines), TestContext.Current.CancellationToken);
            // The first batch of 200 is kept; the rest waits for what never comes.
            while (await shop.Query<long>("select count(*) from products where key like $1", $"{key}-%") < 200)
                await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (FaultLog.Noting("has left") == noted)
            await Task.Delay(10, late.Token);
        Assert.Empty(FaultLog.With(nameof(WriteProducts)));
        Assert.Equal(200, await shop.Query<long>("select count(*) from products where key like $1", $"{key}-%"));
    }

    static string Line(string key) => $$"""{"key":"{{key}}","title":"A cup","variants":[{"sku":"S-{{key}}"}]}""";

    static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    Task<Answer> Send(byte[] body, string packing)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", Lines.Media);
        content.Headers.TryAddWithoutValidation("Content-Encoding", packing);
        return shop.Staff.Send(HttpMethod.Post, Lines.Path, content);
    }
}
