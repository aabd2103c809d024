using System.Threading.Channels;

namespace Kontor.Bench.Load;

/// <summary>Open connections for operations that come at any moment; whoever finds none waits.</summary>
sealed class ConnectionPool : IDisposable
{
    readonly Channel<HttpConnection> free = Channel.CreateUnbounded<HttpConnection>();
    readonly List<HttpConnection> all = [];

    public static async Task<ConnectionPool> Open(Uri server, int connections, CancellationToken stop)
    {
        var pool = new ConnectionPool();
        for (var n = 0; n < connections; n++)
        {
            var opened = await HttpConnection.Open(server, stop);
            pool.all.Add(opened);
            pool.free.Writer.TryWrite(opened);
        }
        return pool;
    }

    public async Task<T> Use<T>(Func<HttpConnection, Task<T>> use, CancellationToken stop)
    {
        var connection = await free.Reader.ReadAsync(stop);
        try
        {
            return await use(connection);
        }
        finally
        {
            free.Writer.TryWrite(connection);
        }
    }

    public void Dispose()
    {
        foreach (var connection in all)
            connection.Dispose();
    }
}
