namespace Kontor.Catalog.Bulk;

/// <param name="Text">UTF-8, without its end; valid until the next line is asked for.</param>
/// <param name="IsTooLong">It was passed over.</param>
readonly record struct NdjsonLine(ReadOnlyMemory<byte> Text, bool IsTooLong);

/// <summary>The lines of a body as they arrive. Memory holds one line at most, however long the body or a line of it is.</summary>
sealed class NdjsonLines(Stream body, int maxLineBytes)
{
    const int FirstBuffer = 64 * 1024;

    byte[] buffer = new byte[Math.Min(FirstBuffer, maxLineBytes + 1)];
    int start;
    int end;
    bool isBegun;

    /// <summary>The next line; null at the end. The last one needs no end of line.</summary>
    public async Task<NdjsonLine?> Next(CancellationToken stop)
    {
        for (var (isTooLong, seen) = (false, 0); ; )
        {
            if (buffer.AsSpan(start + seen, end - start - seen).IndexOf((byte)'\n') is var at and >= 0)
            {
                var line = buffer.AsMemory(start, seen + at);
                start += seen + at + 1;
                return Of(line, isTooLong);
            }
            seen = end - start;
            if (seen > maxLineBytes)
                (isTooLong, seen, start, end) = (true, 0, 0, 0);
            MakeRoom();
            var read = await body.ReadAsync(buffer.AsMemory(end), stop);
            if (read == 0 && end == start && !isTooLong)
                return null;
            if (read == 0)
            {
                var last = buffer.AsMemory(start, end - start);
                (start, end) = (0, 0);
                return Of(last, isTooLong);
            }
            end += read;
        }
    }

    void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
            Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxLineBytes + 1L));
    }

    /// <summary>Without the byte order mark that some programs begin a file with, and the CR that some end lines with.</summary>
    NdjsonLine Of(Memory<byte> line, bool isTooLong)
    {
        if (!isBegun && line.Span.StartsWith("\uFEFF"u8))
            line = line[3..];
        isBegun = true;
        return isTooLong || line.Length > maxLineBytes ? new(default, true) : new(line.TrimEnd((byte)'\r'), false);
    }
}
