using Kontor.Bench.Load;
using Kontor.Bench.Report;
using Kontor.Bench.Rig;

namespace Kontor.Bench.Scenarios;

/// <summary>One more piece in a cart of five lines, each client in its own cart.</summary>
sealed class AddToCart : IScenario
{
    const int Connections = 16;
    const int Lines = 5;

    public string Name => "cart";

    public string About => "add to a cart of five lines, against one insert and commit behind a bare endpoint";

    public async Task<IReadOnlyList<Reading>> Run(Workbench bench, CancellationToken stop)
    {
        var (shop, bare, shape) = (await bench.Shop(), await bench.Bare(), bench.Of(Connections));
        var figures = await ClosedLoop.Run(
            shape,
            shop.Clocks,
            async (worker, begun) =>
            {
                // Kept open until the process ends; sixteen of them.
                var connection = await HttpConnection.Open(shop.Url, begun);
                var (id, token) = await Shoppers.Enter(connection, begun);
                var requests = Enumerable
                    .Range(0, Lines)
                    .Select(line => Shoppers.AddLine(id, token, worker * Lines + line))
                    .ToArray();
                var random = new Random(worker);
                return async asked =>
                {
                    (await connection.Send(requests[random.Next(Lines)], asked)).Expect(200);
                    return true;
                };
            },
            stop
        );
        return
        [
            new(Name, $"add a line, {Connections} connections", figures)
            {
                Limits = [new("one insert, one commit", await bare.Write(shape, stop))],
            },
        ];
    }
}
