using Kontor.Platform;

namespace Kontor.Catalog.Media;

/// <summary>Pictures in a folder that every process of the catalogue sees.</summary>
sealed class MediaFolder(string root) : IMediaStore
{
    public async Task Write(Guid file, int width, byte[] webP, CancellationToken stop)
    {
        try
        {
            var folder = FolderOf(file);
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $"{width}.webp");
            var unfinished = $"{path}.new";
            await using (var writing = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                await writing.WriteAsync(webP, stop);
                writing.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            throw Away(away);
        }
    }

    public Task<StoredFile?> Open(Guid file, int width, CancellationToken stop)
    {
        try
        {
            var path = Path.Combine(FolderOf(file), $"{width}.webp");
            var opened = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Task.FromResult<StoredFile?>(new(opened, opened.Length));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<StoredFile?>(null);
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            throw Away(away);
        }
    }

    public Task Remove(Guid file, CancellationToken stop)
    {
        try
        {
            Directory.Delete(FolderOf(file), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It was never written, or is removed already.
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            throw Away(away);
        }
        return Task.CompletedTask;
    }

    public Task Look(CancellationToken stop)
    {
        try
        {
            Directory.CreateDirectory(root);
            return Task.CompletedTask;
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            throw Away(away);
        }
    }

    static AwayException Away(Exception why) =>
        new(Rejections.MediaStoreUnavailable, $"The folder of pictures cannot be used: {why.Message}", why);

    string FolderOf(Guid file) => Path.Combine(Path.GetFullPath(root), IMediaStore.FolderOf(file));
}
