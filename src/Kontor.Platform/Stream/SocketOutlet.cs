using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kontor.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kontor.Platform.Stream;

/// <summary>One message from a client, or why there is none.</summary>
sealed record Received(string? Text, Ending? Ending);

/// <summary>WebSocket text messages, one for each event, several of them in one write.</summary>
sealed class SocketOutlet : IOutlet, IDisposable
{
    const int KeepCapacity = 64 * 1024;

    /// <summary>How long a client may take to answer a close; its answer says that it has read everything.</summary>
    static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(1);

    readonly WebSocket socket;
    readonly JoinedStream joined;
    readonly TimeSpan writeWithin;
    ArrayBufferWriter<byte> message = new();

    SocketOutlet(System.IO.Stream stream, TimeSpan writeWithin)
    {
        joined = new(stream);
        // No pings of its own: heartbeats are messages, which also browsers' scripts can see.
        socket = WebSocket.CreateFromStream(joined, new() { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        this.writeWithin = writeWithin;
    }

    public int Waiting { get; private set; }

    /// <summary>Answers the handshake here and not through AcceptWebSocketAsync, which leaves no room for
    /// <see cref="JoinedStream"/>. The WebSocket middleware has checked the request's headers.</summary>
    public static async Task<SocketOutlet> Accept(HttpContext http, TimeSpan writeWithin)
    {
        http.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            return new(await connect.AcceptAsync(), writeWithin);

        var key = http.Request.Headers.SecWebSocketKey.ToString().Trim();
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.SecWebSocketAccept = Answer(key);
        return new(await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync(), writeWithin);
    }

    public ValueTask Write(StreamEvent happened, ReadOnlyMemory<byte> position, CancellationToken stop)
    {
        message.ResetWrittenCount();
        happened.WriteTo(message, position.Span);
        return Put(stop);
    }

    public ValueTask Write(ControlFrame control, CancellationToken stop)
    {
        message.ResetWrittenCount();
        message.Write(JsonSerializer.SerializeToUtf8Bytes(control, KontorJson.Options));
        return Put(stop);
    }

    public ValueTask Flush(CancellationToken stop)
    {
        Waiting = 0;
        if (message.Capacity > KeepCapacity)
            message = new();
        return joined.Release(stop).Within(writeWithin, stop);
    }

    /// <summary>The next message. It is not cancelled, which would break the socket before its close could be said.</summary>
    public async Task<Received> Receive()
    {
        var buffer = new byte[StreamOptions.MaxMessageBytes + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
                return new(null, Ending.Left);
            length += part.Count;
            if (part.EndOfMessage && length <= StreamOptions.MaxMessageBytes)
                return new(Encoding.UTF8.GetString(buffer, 0, length), null);
        }
        return new(null, Ending.TooLong);
    }

    /// <param name="receiving">The receive under way or done; the next close that comes is the client's answer.</param>
    public async Task Close(Ending ending, Task receiving, CancellationToken stop)
    {
        var close = socket.CloseOutputAsync((WebSocketCloseStatus)ending.Close, ending.Code, stop);
        await close.WaitAsync(CloseWithin, stop);
        if (ending != Ending.Left)
            await (receiving.IsCompleted ? Receive() : receiving).WaitAsync(CloseWithin, stop);
    }

    public void Dispose() => socket.Dispose();

    ValueTask Put(CancellationToken stop)
    {
        Waiting += message.WrittenCount;
        joined.Hold();
        return socket
            .SendAsync(message.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, stop)
            .Within(writeWithin, stop);
    }

    /// <summary>RFC 6455 §4.2.2 wants SHA-1 here; it protects nothing.</summary>
    static string Answer(string key) =>
#pragma warning disable CA5350
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
