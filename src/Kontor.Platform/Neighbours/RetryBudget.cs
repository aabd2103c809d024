namespace Kontor.Platform.Neighbours;

/// <summary>Bounds repeats to a tenth of the calls: a neighbour that is down is not buried under retries.</summary>
/// <remarks>Thread-safe. Every call pays in a tenth of a repeat, up to ten in reserve; every repeat takes one.</remarks>
public sealed class RetryBudget
{
    const int Cost = 10;
    const int Reserve = 10 * Cost;

    int tenths = Reserve;

    public void Called()
    {
        int had;
        do had = Volatile.Read(ref tenths);
        while (had < Reserve && Interlocked.CompareExchange(ref tenths, had + 1, had) != had);
    }

    /// <summary>Whether one more repeat may be made; takes it.</summary>
    public bool TryRepeat()
    {
        int had;
        do
        {
            had = Volatile.Read(ref tenths);
            if (had < Cost)
                return false;
        } while (Interlocked.CompareExchange(ref tenths, had - Cost, had) != had);
        return true;
    }
}
