namespace Kontor.Catalog.Media;

/// <summary>Where this installation keeps its pictures; <c>Media:Folder</c>.</summary>
/// <param name="Folder">A folder that every process of the catalogue sees.</param>
public sealed record MediaPlace(string Folder);

/// <summary>The files of pictures: …/3f/0193…3f/640.webp.</summary>
sealed class MediaFolder(MediaPlace place)
{
    /// <summary>Writes a file whole or not at all; the same again is no fault.</summary>
    public async Task Write(Guid file, int width, byte[] webP, CancellationToken stop)
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

    /// <summary>The file, or null where there is none.</summary>
    public System.IO.Stream? Open(Guid file, int width)
    {
        try
        {
            var path = Path.Combine(FolderOf(file), $"{width}.webp");
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes all sizes of a picture; one that is not there is no fault.</summary>
    public void Remove(Guid file)
    {
        try
        {
            Directory.Delete(FolderOf(file), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It was never written, or is removed already.
        }
    }

    string FolderOf(Guid file)
    {
        var name = file.ToString("N");
        // The last digits: those of a UUIDv7 in front are the time, and all of a day would lie in one folder.
        return Path.Combine(Path.GetFullPath(place.Folder), name[^2..], name);
    }
}
