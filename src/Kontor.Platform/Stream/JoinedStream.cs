using System.Buffers;

namespace Kontor.Platform.Stream;

/// <summary>Puts the frames of several WebSocket messages into one write: while it holds, writes only gather.</summary>
/// <remarks>A WebSocket writes a frame with one call, from its sender or, answering a ping, from its receiver; so frames
/// never mix. Bounded by its user, who releases when enough waits.</remarks>
sealed class JoinedStream(System.IO.Stream inner) : System.IO.Stream
{
    const int KeepCapacity = 128 * 1024;

    readonly SemaphoreSlim turn = new(1, 1);
    readonly Lock sync = new();
    ArrayBufferWriter<byte> filling = new();
    ArrayBufferWriter<byte> emptying = new();
    volatile bool holds;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Hold() => holds = true;

    public ValueTask Release(CancellationToken stop)
    {
        holds = false;
        return Empty(stop);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (sync)
            filling.Write(buffer.Span);
        return holds ? default : Empty(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        holds ? Task.CompletedTask : Empty(cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    async ValueTask Empty(CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            lock (sync)
            {
                if (filling.WrittenCount == 0)
                    return;
                (filling, emptying) = (emptying, filling);
            }
            await inner.WriteAsync(emptying.WrittenMemory, stop);
            await inner.FlushAsync(stop);
            emptying.ResetWrittenCount();
            // One large event must not keep its size reserved for an idle client.
            if (emptying.Capacity > KeepCapacity)
                emptying = new();
        }
        finally
        {
            turn.Release();
        }
    }
}
