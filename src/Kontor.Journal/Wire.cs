using Npgsql;

namespace Kontor.Journal;

/// <summary>Carries rings between the processes of a service by PostgreSQL's notify.</summary>
/// <remarks>Notify never stands in a business transaction (measured: it halves commits there), always on a connection
/// of its own, and many rings become one. Nothing relies on it: a poll is the net.</remarks>
sealed class Wire(EventJournal journal)
{
    static readonly TimeSpan BeforeReconnecting = TimeSpan.FromSeconds(1);
    readonly string appended = $"kontor_{journal.Topic}_appended";
    readonly string numbered = $"kontor_{journal.Topic}_numbered";

    public Task Run(CancellationToken stop) =>
        Task.WhenAll(
            Send(journal.Bells.TellAppended, appended, stop),
            Send(journal.Bells.TellNumbered, numbered, stop),
            Listen(stop)
        );

    async Task Send(Bell bell, string channel, CancellationToken stop)
    {
        var ring = bell.Next;
        while (!stop.IsCancellationRequested)
            try
            {
                await ring.WaitAsync(stop);
                ring = bell.Next;
                await using var notify = journal.Database.CreateCommand($"notify {channel}");
                await notify.ExecuteNonQueryAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception broken) when (broken is NpgsqlException or IOException or TimeoutException)
            {
                await Rest(stop);
            }
    }

    async Task Listen(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                await using var connection = await journal.Database.OpenConnectionAsync(stop);
                connection.Notification += (_, heard) => Heard(heard.Channel);
                try
                {
                    await Listen(connection, stop);
                }
                finally
                {
                    await connection.Restore();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception broken) when (broken is NpgsqlException or IOException or TimeoutException)
            {
                await Rest(stop);
            }
    }

    async Task Listen(NpgsqlConnection connection, CancellationToken stop)
    {
        await using (var listen = new NpgsqlCommand($"listen {appended}; listen {numbered}", connection))
            await listen.ExecuteNonQueryAsync(stop);
        // What was said while nobody listened is made up for by one look.
        Heard(appended);
        Heard(numbered);
        while (true)
            await connection.WaitAsync(stop);
    }

    void Heard(string channel)
    {
        if (channel == appended)
            journal.Bells.Appended.Ring();
        else
            journal.Bells.Numbered.Ring();
    }

    static async Task Rest(CancellationToken stop) =>
        await Task.Delay(BeforeReconnecting, TimeProvider.System, stop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
