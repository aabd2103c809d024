using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Media;

/// <summary>Turns uploads into files: one at a time in this process, since each may take 160 MB and a core.</summary>
sealed class DarkRoom(CatalogDatabase database, IMediaStore store, TimeProvider clock) : IDisposable
{
    const int MaxWaiting = 16;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly SemaphoreSlim room = new(1, 1);
    int waiting;

    /// <summary>The picture, or why it cannot be one; busy where too many wait, or wait too long.</summary>
    public async Task<Result<Picture>> Develop(byte[] upload, CancellationToken stop)
    {
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return Refusals.Busy;
        }
        try
        {
            if (!await room.WaitAsync(Patience, stop))
                return Refusals.Busy;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
        try
        {
            await Task.Yield();
            return Picture.Read(upload);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>Writes the files under a new name, which is noted as left over before.</summary>
    public async Task<Guid> Keep(Picture picture, CancellationToken stop)
    {
        var file = Id<Picture>.New(clock).Value;
        await using (var connection = await database.Source.OpenConnectionAsync(stop))
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            var work = new Work(database, transaction);
            await MediaTable.Leave(work, file, clock, stop);
            await work.Commit();
        }
        foreach (var rendition in picture.Renditions)
            await store.Write(file, rendition.Width, rendition.WebP, stop);
        return file;
    }

    public void Dispose() => room.Dispose();
}
