using System.Net.WebSockets;
using System.Text;
using Kontor.Platform.Stream;
using Xunit;

namespace Kontor.Platform.Tests.Stream;

public sealed class JoinedStreamTests
{
    [Fact]
    public async Task Several_messages_go_out_in_one_write_and_stay_messages()
    {
        var wire = new Wire();
        var joined = new JoinedStream(wire);
        using var server = WebSocket.CreateFromStream(joined, new() { IsServer = true });

        joined.Hold();
        foreach (var text in new[] { "one", "two", "three" })
            await Say(server, text);
        var before = wire.Writes;
        await joined.Release(default);
        var after = wire.Writes;
        await Say(server, "four");

        Assert.Equal((0, 1, 2), (before, after, wire.Writes));
        wire.Position = 0;
        using var client = WebSocket.CreateFromStream(wire, new() { IsServer = false });
        foreach (var text in new[] { "one", "two", "three", "four" })
            Assert.Equal(text, await Hear(client));
    }

    static Task Say(WebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);

    static async Task<string> Hear(WebSocket socket)
    {
        var buffer = new byte[100];
        var message = await socket.ReceiveAsync(buffer, default);
        Assert.True(message.EndOfMessage);
        return Encoding.UTF8.GetString(buffer, 0, message.Count);
    }

    sealed class Wire : MemoryStream
    {
        public int Writes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
