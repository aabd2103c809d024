namespace Kontor.Journal;

/// <summary>Wakes everybody who waits on it. Rings are not counted: any number of them between two looks is one.</summary>
sealed class Bell
{
    volatile TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next ring. Take it before looking for work, or a ring in between is lost.</summary>
    public Task Next => next.Task;

    public void Ring()
    {
        var rung = Interlocked.Exchange(
            ref next,
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        rung.TrySetResult();
    }
}

/// <summary>The bells of one journal in this process.</summary>
sealed class Bells
{
    volatile bool leads;

    /// <summary>Something was committed; the leading sequencer listens.</summary>
    public Bell Appended { get; } = new();

    /// <summary>Something was numbered; followers listen.</summary>
    public Bell Numbered { get; } = new();

    /// <summary>Something was committed here and the leader is elsewhere; the wire sends it.</summary>
    public Bell TellAppended { get; } = new();

    /// <summary>The leader here numbered something; the wire sends it to the other processes.</summary>
    public Bell TellNumbered { get; } = new();

    public bool Leads
    {
        get => leads;
        set => leads = value;
    }

    public void Committed() => (leads ? Appended : TellAppended).Ring();

    public void HasNumbered()
    {
        Numbered.Ring();
        TellNumbered.Ring();
    }
}

/// <summary>How long to wait for a bell before looking anyway: short while there is work, longer after a quiet time, so
/// that an idle process costs nothing worth measuring.</summary>
/// <remarks>Waits are on the machine's clock, not on the shop's <see cref="TimeProvider"/>: a stopped clock in a test
/// must not stop the journal.</remarks>
sealed class Pace(TimeSpan idle)
{
    static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(5);
    long lastWork = TimeProvider.System.GetTimestamp();

    public void Worked() => lastWork = TimeProvider.System.GetTimestamp();

    public async Task Wait(Task ring, CancellationToken stop)
    {
        var quiet = TimeProvider.System.GetElapsedTime(lastWork) > QuietAfter;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(ring, Task.Delay(quiet ? idle : Busy, TimeProvider.System, enough.Token));
        await enough.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }
}
