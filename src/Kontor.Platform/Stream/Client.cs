using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Kontor.Journal;
using Npgsql;

namespace Kontor.Platform.Stream;

/// <summary>One connection: brings each topic from its place on, in order, each event once, at the client's own pace.</summary>
sealed class Client(LiveFeeds feeds, IReadOnlyList<Seat> seats, IOutlet outlet, DateTimeOffset until)
{
    const int FlushAt = 64 * 1024;
    static readonly TimeSpan BeforeRetrying = TimeSpan.FromSeconds(1);

    readonly Channel<bool> signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );
    readonly StreamEvent[] taken = new StreamEvent[128];
    readonly ArrayBufferWriter<byte> position = new(128);
    Ending? ending;
    long flushedAt = TimeProvider.System.GetTimestamp();
    long failedAt;

    public IReadOnlyList<Seat> Seats => seats;

    /// <summary>Whether it must do something though nothing happened.</summary>
    public bool IsDue =>
        feeds.Clock.GetUtcNow() >= until
        || Since(ref flushedAt) >= feeds.Options.Heartbeat
        || (Volatile.Read(ref failedAt) != 0 && Since(ref failedAt) >= BeforeRetrying);

    public void Wake() => signal.Writer.TryWrite(true);

    public void End(Ending why)
    {
        Interlocked.CompareExchange(ref ending, why, null);
        Wake();
    }

    /// <summary>Serves until there is a reason to end; throws when the client is gone.</summary>
    public async Task<Ending> Run(CancellationToken gone)
    {
        feeds.Enter(this);
        try
        {
            await Tell(ControlFrame.Open, gone);
            foreach (var seat in seats.Where(seat => seat.BeginsWithReset))
                await TellReset(seat, gone);
            while (true)
            {
                if (feeds.Clock.GetUtcNow() >= until)
                    End(Ending.TokenExpired);
                if (Volatile.Read(ref ending) is { } why)
                    return why;

                var moved = false;
                foreach (var seat in seats)
                    moved |= await Deliver(seat, gone);
                if (!moved && Since(ref flushedAt) >= feeds.Options.Heartbeat)
                    await Tell(ControlFrame.Heartbeat, gone);
                await Flush(gone);
                if (!moved && await signal.Reader.WaitToReadAsync(gone))
                    signal.Reader.TryRead(out _);
            }
        }
        finally
        {
            feeds.Leave(this);
            foreach (var seat in seats)
                SetLagging(seat, false);
        }
    }

    /// <summary>Says why, as the last thing.</summary>
    public async Task Say(Ending why, CancellationToken gone)
    {
        await Tell(ControlFrame.Closed, gone, frame => frame with { Code = why.Code, Message = why.Message });
        await Flush(gone);
    }

    /// <summary>One turn for one topic; false when it wrote nothing, so that the client may sleep until it is woken.</summary>
    async ValueTask<bool> Deliver(Seat seat, CancellationToken gone)
    {
        var (standing, count) = seat.Feed.Take(seat, taken);
        if (standing is Standing.Live or Standing.Reached)
        {
            await Join(seat, gone);
            await Write(seat, new ArraySegment<StreamEvent>(taken, 0, count), gone);
            Array.Clear(taken, 0, count);
            return count > 0;
        }

        if (standing == Standing.Behind && seat.IsLive)
        {
            SetLagging(seat, true);
            var behind = seat.Feed.Last - seat.Sequence;
            await Tell(ControlFrame.Lagging, gone, frame => frame with { Topic = seat.Feed.Topic, Behind = behind });
        }
        seat.IsLive = false;
        return await CatchUp(seat, gone);
    }

    async ValueTask Join(Seat seat, CancellationToken gone)
    {
        if (seat.IsLive)
            return;
        seat.IsLive = true;
        SetLagging(seat, false);
        await Tell(ControlFrame.Live, gone, frame => frame with { Topic = seat.Feed.Topic });
    }

    async ValueTask<bool> CatchUp(Seat seat, CancellationToken gone)
    {
        if (Volatile.Read(ref failedAt) != 0 && Since(ref failedAt) < BeforeRetrying)
            return false;
        try
        {
            Volatile.Write(ref failedAt, 0);
            var (incarnation, events) = await seat.Feed.Read(seat, gone);
            if (incarnation != seat.Incarnation)
                return await FollowFork(seat, incarnation, gone);
            await Write(seat, events, gone);
            return events.Count > 0;
        }
        catch (NpgsqlException)
        {
            // The database is away. The feed logs it; the client keeps its connection, its place and its heartbeats.
            Volatile.Write(ref failedAt, TimeProvider.System.GetTimestamp());
            return false;
        }
    }

    /// <summary>The journal is in another incarnation than the seat: at or before the fork it goes on, beyond it the
    /// client is told and begins again after the fork.</summary>
    async ValueTask<bool> FollowFork(Seat seat, string found, CancellationToken gone)
    {
        var head = await seat.Feed.Journal.Head(gone);
        switch (await seat.Feed.Journal.Resolve(seat.Position, TimeSpan.Zero, gone))
        {
            case ResolvedPosition.After after:
                seat.MoveTo(head.Incarnation, after.Sequence);
                break;
            case ResolvedPosition.Reset reset:
                seat.MoveTo(head.Incarnation, reset.Fork);
                await TellReset(seat, gone);
                break;
            default:
                // A restored journal that does not even know the incarnation shares nothing that we could name.
                seat.MoveTo(head.Incarnation, 0);
                await TellReset(seat, gone);
                break;
        }
        return seat.Incarnation == found;
    }

    async ValueTask Write(Seat seat, IReadOnlyList<StreamEvent> events, CancellationToken gone)
    {
        foreach (var happened in events)
        {
            seat.Step(happened.Sequence);
            await outlet.Write(happened, Whole(), gone);
            if (outlet.Waiting >= FlushAt)
                await Flush(gone);
        }
        feeds.Flow.Delivered(events.Count);
        if (events.Count > 0)
            StreamMeter.Delivered(seat.Feed.Topic, events.Count);
    }

    async ValueTask Flush(CancellationToken gone)
    {
        if (outlet.Waiting == 0)
            return;
        await outlet.Flush(gone);
        Volatile.Write(ref flushedAt, TimeProvider.System.GetTimestamp());
    }

    ValueTask TellReset(Seat seat, CancellationToken gone) =>
        Tell(
            ControlFrame.Reset,
            gone,
            frame => frame with { Topic = seat.Feed.Topic, Incarnation = seat.Incarnation, Fork = seat.Sequence }
        );

    ValueTask Tell(string type, CancellationToken gone, Func<ControlFrame, ControlFrame>? more = null)
    {
        var frame = new ControlFrame(type, seats.Count == 0 ? null : Encoding.ASCII.GetString(Whole().Span));
        return outlet.Write(more is null ? frame : more(frame), gone);
    }

    /// <summary>The position over all topics: what a client keeps to resume.</summary>
    ReadOnlyMemory<byte> Whole()
    {
        position.ResetWrittenCount();
        for (var i = 0; i < seats.Count; i++)
        {
            if (i > 0)
                position.Write(","u8);
            seats[i].WriteTo(position);
        }
        return position.WrittenMemory;
    }

    static void SetLagging(Seat seat, bool lags)
    {
        if (seat.IsLagging == lags)
            return;
        seat.IsLagging = lags;
        StreamMeter.Lagging(seat.Feed.Topic, lags ? 1 : -1);
    }

    static TimeSpan Since(ref long timestamp) => TimeProvider.System.GetElapsedTime(Volatile.Read(ref timestamp));
}
