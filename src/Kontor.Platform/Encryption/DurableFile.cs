using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kontor.Platform.Encryption;

/// <summary>Small files that only their owner may read, and that are on the disk when a method returns.</summary>
static class DurableFile
{
    /// <summary>Makes the file with all of its content, or leaves the one that is there. Two processes that do it at once
    /// agree, because the file appears by a link that only one of them can make.</summary>
    /// <returns>False where there was one already.</returns>
    public static bool TryMake(string file, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(file)!;
        var fresh = Path.Combine(folder, $".{Path.GetRandomFileName()}.new");
        using (var stream = new FileStream(fresh, Private(FileMode.CreateNew)))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        var isMade = TryMove(fresh, file);
        // Also where another made it: it may not have come to this yet, and what is sealed next must not outlive its key.
        Sync(folder);
        return isMade;
    }

    /// <remarks>Not File.Move: on Unix it looks whether the name is free and then renames, and who comes between is lost.</remarks>
    static bool TryMove(string fresh, string file)
    {
        if (OperatingSystem.IsWindows())
            try
            {
                File.Move(fresh, file, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(fresh);
                return false;
            }

        var isMade = Link(PathOf(fresh), PathOf(file)) == 0;
        var error = Marshal.GetLastPInvokeError();
        File.Delete(fresh);
        return isMade || error == AlreadyThere
            ? isMade
            : throw new IOException($"{file} could not be made: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <summary>Writes over what stands in the file, in its place on the disk, in one write.</summary>
    public static void Overwrite(string file, ReadOnlySpan<byte> content)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, content, fileOffset: 0);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Makes a folder for its owner alone, durably, with those above it that are missing.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Path.GetDirectoryName(folder) is { Length: > 0 } above)
            Sync(above);
    }

    /// <summary>Makes the names in a folder durable. .NET opens no folders, hence the system's own call.</summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS journals names by itself.
        using var handle = new SafeFileHandle(Open(PathOf(folder), ReadOnly), ownsHandle: true);
        if (handle.IsInvalid || Fsync(handle) != 0)
            throw new IOException(
                $"{folder} could not be written to the disk: {Marshal.GetLastPInvokeErrorMessage()}."
            );
    }

    const int ReadOnly = 0;
    const int AlreadyThere = 17; // EEXIST, the same number on Linux and macOS

    static byte[] PathOf(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    static extern int Link(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    static extern int Fsync(SafeFileHandle folder);

    static FileStreamOptions Private(FileMode mode) =>
        OperatingSystem.IsWindows()
            ? new() { Mode = mode, Access = FileAccess.Write }
            : new()
            {
                Mode = mode,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
}
