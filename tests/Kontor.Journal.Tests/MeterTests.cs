using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontor.Journal.Tests;

[Collection(Alone.Name)]
public sealed class MeterTests(ThrowawayServer server)
{
    [Fact]
    public async Task The_journal_shows_its_head_its_leader_and_what_it_numbered()
    {
        await using var test = await server.NewJournal();
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "Kontor.Journal")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (i, value, _, _) => seen.AddOrUpdate(i.Name, value, (_, old) => i is Counter<long> ? old + value : value)
        );
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => seen[i.Name] = value);
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => seen[i.Name] = value);
        listener.Start();
        await test.Append("a", "b", "c");
        await test.Do("update journal set time = clock_timestamp() - interval '1 hour'");
        await using (var led = await test.Lead())
        {
            // Somebody leads and does nothing: a contender sees how old the oldest event has become.
            using var stopEarly = new CancellationTokenSource();
            var contending = new Sequencer(test.Another(), NullLogger<Sequencer>.Instance).Run(stopEarly.Token);
            await Until(() => seen.GetValueOrDefault("kontor.journal.unnumbered.age") > 3599);
            await stopEarly.CancelAsync();
            await contending;
            await led.Lease.Release();
        }

        using var stop = new CancellationTokenSource();
        var running = new Sequencer(test.Journal, NullLogger<Sequencer>.Instance).Run(stop.Token);
        await test.UntilNumbered(3);

        await Until(() => seen.GetValueOrDefault("kontor.journal.unnumbered.age") == 0);
        await Until(() => seen["kontor.journal.head"] == 3 && seen["kontor.journal.leader"] == 1);
        Assert.Equal(3, seen["kontor.journal.numbered"]);
        await stop.CancelAsync();
        await running;

        Task<bool> Until(Func<bool> condition) =>
            TestJournal.Until(
                () =>
                {
                    listener.RecordObservableInstruments();
                    return Task.FromResult(condition());
                },
                met => met
            );
    }
}
