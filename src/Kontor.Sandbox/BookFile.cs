using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>The books on disk: one JSON line for each entry, in order, only ever added to.</summary>
/// <remarks>
/// A line is handed to the operating system before anything is answered, so it survives a kill of the process. It is not
/// flushed to the disk: a machine that loses its power may lose the last lines, and with them only play money, while a
/// flush would cost every authorisation milliseconds. One process at a time: it holds the file beside
/// them, so that anybody may read the books meanwhile. Not safe for concurrent use; the books hold their lock.
/// </remarks>
sealed class BookFile : IDisposable
{
    readonly FileStream holding;
    readonly FileStream file;
    long written;
    long lines;

    BookFile(FileStream holding, FileStream file) => (this.holding, this.file) = (holding, file);

    /// <exception cref="IOException">Another process has these books.</exception>
    public static BookFile Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var hold = Hold(path);
        try
        {
            return new(hold, Open(path, FileShare.ReadWrite));
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    static FileStream Hold(string path)
    {
        try
        {
            return Open($"{path}.lock", FileShare.None);
        }
        catch (IOException taken) when (taken.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            // EWOULDBLOCK of Linux and of macOS, the sharing violation of Windows; a full disk is another story.
            throw new IOException(
                $"Another sandbox has these books ({path}): stop it, or give this one a folder of its own with --books.",
                taken
            );
        }
    }

    static FileStream Open(string path, FileShare share) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = share,
                BufferSize = 0,
            }
        );

    /// <summary>Every entry, once, before the first is added. The torn last line of a killed process is cut off: nothing
    /// was answered upon it.</summary>
    public IEnumerable<Entry> Read()
    {
        using var line = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            var start = 0;
            int end;
            while ((end = Array.IndexOf(buffer, (byte)'\n', start, read - start)) >= 0)
            {
                line.Write(buffer, start, end - start);
                yield return Parse(line.GetBuffer().AsSpan(0, (int)line.Length));
                written += line.Length + 1;
                line.SetLength(0);
                start = end + 1;
            }
            line.Write(buffer, start, read - start);
        }
        file.SetLength(written);
        file.Position = written;
    }

    /// <summary>Adds an entry. Where it cannot (a full disk), the half of it that stands is taken away again.</summary>
    public void Append(Entry entry)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, KontorJson.Options), (byte)'\n'];
        try
        {
            file.Write(line);
            written += line.Length;
        }
        catch (IOException)
        {
            file.SetLength(written);
            file.Position = written;
            throw;
        }
    }

    public void Dispose()
    {
        file.Dispose();
        holding.Dispose();
    }

    Entry Parse(ReadOnlySpan<byte> line)
    {
        lines++;
        try
        {
            if (JsonSerializer.Deserialize<Entry>(line, KontorJson.Options) is { } entry)
                return entry;
        }
        catch (JsonException broken)
        {
            throw Broken(broken);
        }
        throw Broken(null);
    }

    /// <summary>Without the parser's own line number, which counts within the line.</summary>
    static string Reason(Exception? why) => why?.Message.Split(" Path: ")[0].TrimEnd('.') ?? "it is null";

    /// <summary>What to say of the line that was read last.</summary>
    public InvalidDataException Broken(Exception? why) =>
        new(
            $"Line {lines} of the sandbox's books {file.Name} is no entry ({Reason(why)}): "
                + "put the file back from a backup, or mend that line.",
            why
        );
}
