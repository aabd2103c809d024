using Kontor.Platform;

namespace Kontor.Catalog.Media;

/// <summary>Where the files of pictures lie: …/3f/0193…3f/640.webp, in a folder or in a bucket.</summary>
/// <remarks>A picture's name is noted in the database before its first file is written, and what is written under a name
/// never changes. Whatever the store cannot do is an <see cref="AwayException"/>, within the store's own time limit.</remarks>
interface IMediaStore
{
    /// <summary>Writes a file whole or not at all; the same again is no fault.</summary>
    Task Write(Guid file, int width, byte[] webP, CancellationToken stop);

    /// <summary>The file, or null where there is none.</summary>
    Task<StoredFile?> Open(Guid file, int width, CancellationToken stop);

    /// <summary>Removes all sizes of a picture; one that is not there is no fault.</summary>
    Task Remove(Guid file, CancellationToken stop);

    /// <summary>Whether it answers, for whoever asks after this process's health.</summary>
    Task Look(CancellationToken stop);

    /// <summary>The folder of a picture's files within the store.</summary>
    /// <remarks>The last digits in front: the first ones of a UUIDv7 are the time, and all of a day would lie in one place.</remarks>
    static string FolderOf(Guid file)
    {
        var name = file.ToString("N");
        return $"{name[^2..]}/{name}";
    }
}

/// <summary>A file that is being read; whoever has it disposes it.</summary>
/// <param name="Length">In bytes.</param>
sealed record StoredFile(System.IO.Stream Bytes, long Length) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Bytes.DisposeAsync();
}
