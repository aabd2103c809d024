using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Journal.Tests;

public sealed class SequencingTests(ThrowawayServer server)
{
    [Fact]
    public async Task Events_are_numbered_from_one_in_the_order_of_their_commits()
    {
        await using var test = await server.NewJournal();
        using var stop = new CancellationTokenSource();
        var running = new Sequencer(test.Journal, NullLogger<Sequencer>.Instance).Run(stop.Token);

        for (var i = 0; i < 25; i++)
            await test.Append("a", "b");
        await test.UntilNumbered(50);
        var batch = await test.Journal.Read(0, 100, default);

        Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n), batch.Events.Select(e => e.Sequence));
        Assert.Equal(batch.Events.OrderBy(e => e.Id), batch.Events);
        Assert.Empty(await test.Journal.Check(default));
        await stop.CancelAsync();
        await running;
    }
}
