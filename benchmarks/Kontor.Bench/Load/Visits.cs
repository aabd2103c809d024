using Kontor.Bench.Report;

namespace Kontor.Bench.Load;

/// <summary>Clients that ask one server for one thing after another; each answer must be 200.</summary>
static class Visits
{
    /// <param name="next">The next request, drawn with the worker's own random numbers.</param>
    public static async Task<Figures> Run(
        Uri server,
        Shape shape,
        Clocks clocks,
        Func<Random, byte[]> next,
        CancellationToken stop
    )
    {
        var opened = new List<HttpConnection>();
        try
        {
            return await ClosedLoop.Run(
                shape,
                clocks,
                async (worker, begun) =>
                {
                    var connection = await HttpConnection.Open(server, begun);
                    lock (opened)
                        opened.Add(connection);
                    var random = new Random(worker);
                    return async asked =>
                    {
                        (await connection.Send(next(random), asked)).Expect(200);
                        return true;
                    };
                },
                stop
            );
        }
        finally
        {
            foreach (var connection in opened)
                connection.Dispose();
        }
    }
}
