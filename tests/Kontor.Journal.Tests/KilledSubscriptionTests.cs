using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Journal.Tests;

/// <summary>Subscriptions in processes of their own, killed in the middle.</summary>
[Collection(Alone.Name)]
public sealed class KilledSubscriptionTests(ThrowawayServer server)
{
    [Fact]
    public async Task Every_event_takes_effect_once_however_often_its_runner_is_killed()
    {
        const int Events = 3000;
        await using var test = await server.NewJournal();
        await test.Do("create table copies (sequence bigint, stream text); grant all on copies to journal_role");
        using var stop = new CancellationTokenSource();
        var sequencing = new Sequencer(test.Journal, NullLogger<Sequencer>.Instance).Run(stop.Token);
        for (var i = 0; i < Events / 10; i++)
            await test.Append([.. Enumerable.Range(0, 10).Select(n => $"s-{n}")]);

        var kills = 0;
        long copied = 0;
        while (copied < Events)
        {
            await using var runner = Contender.Start("subscription", test);
            var reached = copied;
            copied = await TestJournal.Until(() => test.One<long>("select count(*) from copies"), n => n > reached);
            if (copied == Events)
                break;
            await runner.Kill();
            kills++;
        }

        Assert.True(kills > 0);
        Assert.Equal(Events, await test.One<long>("select count(distinct sequence) from copies"));
        Assert.Equal(Events, await test.One<long>("select count(*) from copies"));
        Assert.Equal(Events, await test.One<long>("select coalesce(max(sequence), 0) from subscriptions"));
        await stop.CancelAsync();
        await sequencing;
    }
}
