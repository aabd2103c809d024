using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kontor.Journal;

/// <summary>Does work in one process at a time: contends for a role's lease and works while it is held.</summary>
/// <remarks>
/// For relays, timers and subscriptions. The lease lives on a connection of its own, so the work may take long; when the
/// lease is lost the work is told to stop, and another process may already be at it. So the work itself must guard its
/// writes (compare-and-set, as a subscription's checkpoint does): a lease saves double work, it does not forbid it.
/// </remarks>
public sealed partial class Leadership(NpgsqlDataSource database, string role, ILogger logger)
{
    /// <summary>Runs until stopped. Work that ends or throws is begun again after a moment, here or elsewhere.</summary>
    /// <param name="work">Gets a token that is cancelled when the lease is lost.</param>
    public async Task Run(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                await using var connection = await database.OpenConnectionAsync(stop);
                await Lease.EnsureRole(connection, role, stop);
                var lease = new Lease(connection, role);
                while (!await lease.Take(null, stop))
                    await Task.Delay(Lease.ContendEvery, TimeProvider.System, stop);
                LogTaken(logger, role, lease.Epoch);
                await Hold(lease, work, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception broken) when (broken is NpgsqlException or IOException or TimeoutException)
            {
                LogLost(logger, role, broken.Message);
                await Task.Delay(Lease.RenewEvery, TimeProvider.System, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    async Task Hold(Lease lease, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var working = work(held.Token);
        try
        {
            while (!working.IsCompleted)
            {
                await Task.WhenAny(working, Task.Delay(Lease.RenewEvery, TimeProvider.System, held.Token));
                stop.ThrowIfCancellationRequested();
                if (!await lease.Renew(stop))
                {
                    LogLost(logger, role, "another process has it");
                    return;
                }
            }
        }
        finally
        {
            await held.CancelAsync();
            await End(working);
            await lease.Release();
        }
    }

    async Task End(Task working)
    {
        try
        {
            await working;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }
        catch (Exception away) when (away is NpgsqlException or IOException or TimeoutException)
        {
            LogLost(logger, role, away.Message);
            await Task.Delay(Lease.RenewEvery, TimeProvider.System, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The door of a background role: logged once, and begun again by whoever leads next.
            LogFailed(logger, role, failure);
            await Task.Delay(Lease.RenewEvery, TimeProvider.System, CancellationToken.None);
        }
    }

    [LoggerMessage(1011, LogLevel.Information, "Role {Role} taken with epoch {Epoch}")]
    static partial void LogTaken(ILogger logger, string role, long epoch);

    [LoggerMessage(1012, LogLevel.Warning, "Role {Role} lost: {Reason}")]
    static partial void LogLost(ILogger logger, string role, string reason);

    [LoggerMessage(1013, LogLevel.Error, "Work of role {Role} failed and will begin again")]
    static partial void LogFailed(ILogger logger, string role, Exception failure);
}
