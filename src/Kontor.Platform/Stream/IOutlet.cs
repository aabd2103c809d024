namespace Kontor.Platform.Stream;

/// <summary>How messages reach one client: as WebSocket text frames or as Server-Sent Events.</summary>
interface IOutlet
{
    /// <summary>Bytes written and not flushed.</summary>
    int Waiting { get; }

    /// <summary>Writes a message into the buffer; <see cref="Flush"/> sends what is there in one go.</summary>
    ValueTask Write(StreamEvent happened, ReadOnlyMemory<byte> position, CancellationToken stop);

    ValueTask Write(ControlFrame control, CancellationToken stop);

    /// <summary>Waits while the client does not take what was sent.</summary>
    ValueTask Flush(CancellationToken stop);
}

static class Patience
{
    /// <summary>The write, or a <see cref="TimeoutException"/>; costs nothing where it is done at once.</summary>
    public static ValueTask Within(this ValueTask write, TimeSpan limit, CancellationToken stop) =>
        write.IsCompletedSuccessfully
            ? write
            : new ValueTask(write.AsTask().WaitAsync(limit, TimeProvider.System, stop));
}
