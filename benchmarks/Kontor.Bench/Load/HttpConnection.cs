using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kontor.Bench.Load;

/// <summary>What came back.</summary>
/// <param name="Body">Good until the next request on the same connection.</param>
readonly record struct HttpAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <exception cref="InvalidOperationException">The server refused; a figure made of refusals would be a lie.</exception>
    public HttpAnswer Expect(int status) =>
        Status == status
            ? this
            : throw new InvalidOperationException(
                $"Expected {status}, got {Status}: {Encoding.UTF8.GetString(Body.Span)}"
            );
}

/// <summary>One keep-alive connection that speaks just enough HTTP/1.1: ready bytes go out, one answer comes back.</summary>
/// <remarks>No HttpClient: client and server share the same cores, and what the client burns the server lacks.</remarks>
sealed class HttpConnection : IDisposable
{
    static readonly byte[] EndOfChunks = "\r\n0\r\n\r\n"u8.ToArray();

    readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    byte[] buffer = new byte[16 * 1024];

    HttpConnection() { }

    public static async Task<HttpConnection> Open(Uri server, CancellationToken stop)
    {
        var opened = new HttpConnection();
        await opened.socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port), stop);
        return opened;
    }

    public async ValueTask<HttpAnswer> Send(ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        await socket.SendAsync(request, SocketFlags.None, stop);
        var filled = 0;
        int head;
        while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled += await Receive(filled, stop);
        var status = Number(buffer.AsSpan(9, 3));
        var from = head + 4;
        if (LengthOf(buffer.AsSpan(0, head)) is { } length)
        {
            while (filled < from + length)
                filled += await Receive(filled, stop);
            return new(status, buffer.AsMemory(from, length));
        }
        if (status is 204 or 304)
            return new(status, default);
        // Only one request is under way, so the end of the chunks is the end of what has come.
        while (!buffer.AsSpan(0, filled).EndsWith(EndOfChunks))
            filled += await Receive(filled, stop);
        return new(status, buffer.AsMemory(from, filled - from));
    }

    public void Dispose() => socket.Dispose();

    async ValueTask<int> Receive(int filled, CancellationToken stop)
    {
        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, stop);
        return read > 0 ? read : throw new IOException("The server closed the connection.");
    }

    static int? LengthOf(ReadOnlySpan<byte> head)
    {
        var field = head.IndexOf("\r\nContent-Length: "u8);
        if (field < 0)
            return null;
        var value = head[(field + 18)..];
        var end = value.IndexOf((byte)'\r');
        return Number(end < 0 ? value : value[..end]);
    }

    static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
            number = number * 10 + (digit - '0');
        return number;
    }
}

/// <summary>Requests as ready bytes.</summary>
static class Ask
{
    public static byte[] Get(string path) => Bytes($"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n");

    public static byte[] Send(string method, string path, string json, params ReadOnlySpan<(string, string)> headers)
    {
        var more = new StringBuilder();
        foreach (var (name, value) in headers)
            more.Append(name).Append(": ").Append(value).Append("\r\n");
        var length = Encoding.UTF8.GetByteCount(json);
        return Bytes(
            $"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n{json}"
        );
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
