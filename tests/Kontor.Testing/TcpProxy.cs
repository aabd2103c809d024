using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kontor.Testing;

/// <summary>What a line does with bytes that a client sends.</summary>
public enum LineFault
{
    None,

    /// <summary>They never arrive, and the line is gone.</summary>
    CutBefore,

    /// <summary>They arrive and are answered, and the line is gone before the answer comes back.</summary>
    CutAfter,
}

/// <summary>A line between a client and a server on this machine, which can be cut at a chosen moment.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<Line, bool> lines = new();
    readonly CancellationTokenSource end = new();
    readonly EndPoint target;
    readonly Task accepting;

    /// <param name="target">A server on this machine: its port, or its Unix socket.</param>
    public TcpProxy(EndPoint target)
    {
        this.target = target;
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Asked of every piece that a client sends; null lets all pass.</summary>
    public Func<ReadOnlyMemory<byte>, LineFault>? Fault { get; set; }

    /// <summary>Asked of every piece that the server sends: how long it is on its way; null lets all pass at once.</summary>
    public Func<ReadOnlyMemory<byte>, TimeSpan>? Slowness { get; set; }

    /// <summary>While false, new connections are closed at once.</summary>
    public bool IsOpen { get; set; } = true;

    public int Cuts => cuts;

    int cuts;

    /// <summary>Cuts every line that stands.</summary>
    public void CutAll()
    {
        foreach (var (line, _) in lines)
            line.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        CutAll();
        await accepting;
        end.Dispose();
    }

    async Task Accept()
    {
        while (!end.IsCancellationRequested)
            try
            {
                var client = await listener.AcceptSocketAsync(end.Token);
                if (IsOpen)
                    _ = Serve(client);
                else
                    client.Dispose();
            }
            catch (Exception stopped)
                when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    async Task Serve(Socket client)
    {
        var line = new Line(client, target);
        lines.TryAdd(line, true);
        try
        {
            client.NoDelay = true;
            await line.Server.ConnectAsync(target, end.Token);
            await Task.WhenAny(Send(line), Receive(line));
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is away, or the line was cut.
        }
        finally
        {
            line.Cut();
            lines.TryRemove(line, out _);
        }
    }

    async Task Send(Line line)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await line.Client.ReceiveAsync(buffer, end.Token) is > 0 and var count)
            {
                var piece = buffer.AsMemory(0, count);
                var fault = Fault?.Invoke(piece) ?? LineFault.None;
                if (fault != LineFault.None)
                    Interlocked.Increment(ref cuts);
                if (fault == LineFault.CutBefore)
                    return;
                line.IsDoomed = fault == LineFault.CutAfter;
                await line.Server.SendAsync(piece, end.Token);
            }
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction ends with it.
        }
    }

    async Task Receive(Line line)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await line.Server.ReceiveAsync(buffer, end.Token) is > 0 and var count)
            {
                if (line.IsDoomed)
                    return;
                if (Slowness?.Invoke(buffer.AsMemory(0, count)) is { } slow && slow > TimeSpan.Zero)
                    await Task.Delay(slow, TimeProvider.System, end.Token);
                await line.Client.SendAsync(buffer.AsMemory(0, count), end.Token);
            }
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction ends with it.
        }
    }

    sealed class Line(Socket client, EndPoint target)
    {
        public Socket Client => client;

        public Socket Server { get; } =
            target is UnixDomainSocketEndPoint
                ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public bool IsDoomed { get; set; }

        public void Cut()
        {
            client.Dispose();
            Server.Dispose();
        }
    }
}
