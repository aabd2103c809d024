namespace Kontor.Platform.Http;

/// <summary>Something that this process cannot serve without: /health/ready is 503 until it is there.</summary>
public sealed record ReadyPart(string Name, Func<bool> IsReady);

/// <summary>Something that this process can be without for a while: it is asked at most every ten seconds, by one at a
/// time and for two seconds, however often /health/ready is.</summary>
/// <param name="name">What stands under <c>degraded</c> where it does not answer.</param>
public sealed class HealthPart(string name, Func<CancellationToken, Task<bool>> answers) : IDisposable
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim one = new(1, 1);
    bool isThere = true;
    DateTimeOffset asked;

    public string Name => name;

    /// <summary>Whether it answered when it was last asked.</summary>
    public async Task<bool> IsThere(TimeProvider clock, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            if (clock.GetUtcNow() - asked < Rest)
                return isThere;
            using var limit = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
            try
            {
                isThere = await answers(either.Token);
            }
            catch (Exception) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                isThere = false;
            }
            asked = clock.GetUtcNow();
            return isThere;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
