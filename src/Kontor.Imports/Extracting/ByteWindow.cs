namespace Kontor.Imports.Extracting;

/// <summary>A part of a stream in memory that slides and grows, up to a limit.</summary>
sealed class ByteWindow(Stream stream, int limit)
{
    byte[] buffer = new byte[Math.Min(limit, 128 * 1024)];
    int start;
    int end;

    public bool HasEnded { get; private set; }

    /// <summary>There is no room for more unless some is taken.</summary>
    public bool IsFull => end - start == limit;

    public ReadOnlySpan<byte> Unread => buffer.AsSpan(start, end - start);

    public ReadOnlyMemory<byte> UnreadMemory => buffer.AsMemory(start, end - start);

    public void Take(int count) => start += count;

    /// <summary>Reads on; false at the end, or where the window is full. What was unread moves to the front.</summary>
    public async ValueTask<bool> More(CancellationToken stop)
    {
        if (HasEnded || IsFull)
            return false;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
            Array.Resize(ref buffer, Math.Min(limit, buffer.Length * 2));
        var count = await stream.ReadAsync(buffer.AsMemory(end), stop);
        end += count;
        HasEnded = count == 0;
        return count > 0;
    }

    /// <summary>Skips the mark that some programs put before UTF-8.</summary>
    public async ValueTask SkipMark(CancellationToken stop)
    {
        while (Unread.Length < 3 && await More(stop)) { }
        if (Unread is [0xef, 0xbb, 0xbf, ..])
            Take(3);
    }
}
