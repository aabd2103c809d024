using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Kontor.Journal;

/// <summary>Numbers a service's committed events. Every process of the service runs one; one of them leads.</summary>
/// <remarks>It also runs the wire that carries wake-ups between the processes, so run it wherever the service runs.</remarks>
public sealed partial class Sequencer(EventJournal journal, ILogger<Sequencer> logger)
{
    public const string Role = "sequencer";

    /// <summary>Plans made while the journal was empty would be sequential scans for ever.</summary>
    internal const string Pins = """
        set jit = off; set enable_seqscan = off; set enable_bitmapscan = off;
        set enable_hashjoin = off; set enable_mergejoin = off
        """;

    static readonly TimeSpan IdlePoll = TimeSpan.FromMilliseconds(250);
    readonly JournalMeter meter = JournalMeter.Of(journal.Topic);

    /// <summary>Runs until stopped; survives the loss of its connection, of its lease and of the server.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(Contend(stop), new Wire(journal).Run(stop));

    async Task Contend(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                await using var connection = await journal.Database.OpenConnectionAsync(stop);
                try
                {
                    await using (var pin = new NpgsqlCommand(Pins, connection))
                        await pin.ExecuteNonQueryAsync(stop);
                    await Lead(connection, stop);
                }
                finally
                {
                    await connection.Restore();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception broken)
                when (broken is NpgsqlException or DeposedException or IOException or TimeoutException)
            {
                LogDeposed(logger, journal.Topic, broken.Message);
                await Task.Delay(Lease.ContendEvery, TimeProvider.System, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    async Task Lead(NpgsqlConnection connection, CancellationToken stop)
    {
        var lease = new Lease(connection, Role);
        Numbering? numbering;
        while ((numbering = await Take(lease, stop)) is null)
        {
            await meter.Sample(connection, stop);
            await Task.Delay(Lease.ContendEvery, TimeProvider.System, stop);
        }

        LogLeads(logger, journal.Topic, lease.Epoch);
        try
        {
            (journal.Bells.Leads, meter.Leads) = (true, true);
            await Number(lease, numbering, stop);
        }
        finally
        {
            (journal.Bells.Leads, meter.Leads) = (false, false);
            await lease.Release();
        }
    }

    async Task Number(Lease lease, Numbering numbering, CancellationToken stop)
    {
        var pace = new Pace(IdlePoll);
        while (!stop.IsCancellationRequested)
        {
            if (lease.IsDue && !await lease.Renew(stop))
                throw new DeposedException();

            var ring = journal.Bells.Appended.Next;
            // A started pass is never cut short: a commit in doubt would cost the next leader nothing, but us an epoch.
            var pass = await numbering.Pass(CancellationToken.None);
            meter.Passed(numbering, pass.Numbered, pass.Oldest);
            if (pass.Numbered > 0)
            {
                pace.Worked();
                journal.Bells.HasNumbered();
            }
            if (!pass.More)
                await pace.Wait(ring, stop);
        }
    }

    /// <summary>Contends for the lease; with it, in one transaction, the head's epoch rises and the server is recognised.</summary>
    internal async Task<Numbering?> Take(Lease lease, CancellationToken stop)
    {
        HeadRow? head = null;
        Incarnation? begun = null;
        var taken = await lease.Take(
            async (transaction, epoch) =>
            {
                begun = await Incarnations.Recognise(transaction, stop);
                head = await RaiseEpoch(transaction, epoch, stop);
            },
            stop
        );
        if (begun is not null)
            LogIncarnation(logger, journal.Topic, begun.Name, begun.Fork);
        return taken && head is not null ? new Numbering(lease.Connection, lease.Epoch, head) : null;
    }

    static async Task<HeadRow> RaiseEpoch(NpgsqlTransaction transaction, long epoch, CancellationToken stop)
    {
        await using var raise = new NpgsqlCommand(
            "update head set epoch = $1 returning ctid, head, mark",
            transaction.Connection,
            transaction
        )
        {
            Parameters = { new() { Value = epoch } },
        };
        await using var reader = await raise.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new(reader.GetFieldValue<NpgsqlTid>(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    [LoggerMessage(1001, LogLevel.Information, "Sequencer of {Topic} leads with epoch {Epoch}")]
    static partial void LogLeads(ILogger logger, string topic, long epoch);

    [LoggerMessage(1002, LogLevel.Warning, "Sequencer of {Topic} lost its lead or its database: {Reason}")]
    static partial void LogDeposed(ILogger logger, string topic, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "Journal of {Topic} begins incarnation {Incarnation} at {Fork}")]
    static partial void LogIncarnation(ILogger logger, string topic, string incarnation, long fork);
}
