using System.Security.Cryptography;
using Kontor.Catalog.Imports.Staging;
using Kontor.Platform.Outside;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Imports.Schedules;

/// <summary>A file that was fetched, in a place of this machine that goes with it.</summary>
sealed record FetchedFile(string Name, FileStream Bytes, byte[] Sha256, string? Tag = null, string? Modified = null)
    : IAsyncDisposable
{
    const int ChunkBytes = 128 * 1024;

    /// <summary>For all of it, however slowly it comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 200 && !name.AsSpan().ContainsAny("/\\\0:") && name is not ("." or "..");

    /// <summary>Null where it is as it was seen.</summary>
    /// <exception cref="OutsideException">It could not be had.</exception>
    public static async Task<FetchedFile?> Of(
        OutsideDoor outside,
        string address,
        Seen? seen,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            return await Download(outside, new(address), seen, either.Token);
        }
        catch (OperationCanceledException slow) when (!stop.IsCancellationRequested)
        {
            throw new OutsideException("FETCH_FAILED", $"'{OutsideDoor.Shown(new(address))}' takes too long.", slow);
        }
    }

    static async Task<FetchedFile?> Download(OutsideDoor outside, Uri address, Seen? seen, CancellationToken stop)
    {
        using var answer = await outside.Fetch(address.ToString(), seen, stop);
        if (answer is null)
            return null;
        var shown = OutsideDoor.Shown(address);
        if (answer.Content.Headers.ContentLength > ReceivedFiles.MaxBytes)
            throw TooLarge(shown);
        var name = Path.GetFileName(Uri.UnescapeDataString(address.AbsolutePath));
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        return await Keep(IsName(name) ? name : "feed", body, shown, stop) with
        {
            Tag = answer.Headers.ETag?.ToString(),
            Modified = answer.Content.Headers.LastModified?.ToString("O"),
        };
    }

    /// <summary>A file of the folder that the operator lets be watched; a link leads elsewhere, and is none.</summary>
    /// <exception cref="OutsideException">It could not be had.</exception>
    public static async Task<FetchedFile> Watched(IConfiguration configuration, string name, CancellationToken stop)
    {
        if (configuration["Imports:Watched"] is not { Length: > 0 } folder)
            throw new OutsideException("ADDRESS_REFUSED", "No folder may be watched: Imports:Watched names none.");
        var file = new FileInfo(Path.Combine(folder, name));
        if (!IsName(name) || !file.Exists || file.LinkTarget is not null)
            throw new OutsideException("FETCH_FAILED", $"There is no file '{name}' in the watched folder.");
        try
        {
            await using var body = file.OpenRead();
            return await Keep(name, body, name, stop);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            throw new OutsideException("FETCH_FAILED", $"'{name}' cannot be read: {closed.Message}", closed);
        }
    }

    static async Task<FetchedFile> Keep(string name, System.IO.Stream body, string from, CancellationToken stop)
    {
        var bytes = new FileStream(
            Path.Combine(Path.GetTempPath(), $"kontor-fetched-{Path.GetRandomFileName()}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            ChunkBytes,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous
        );
        try
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var chunk = new byte[ChunkBytes];
            while (await body.ReadAsync(chunk, stop) is var read and > 0)
            {
                if (bytes.Position + read > ReceivedFiles.MaxBytes)
                    throw TooLarge(from);
                digest.AppendData(chunk, 0, read);
                await bytes.WriteAsync(chunk.AsMemory(0, read), stop);
            }
            bytes.Position = 0;
            return new(name, bytes, digest.GetHashAndReset());
        }
        catch (Exception broken)
        {
            await bytes.DisposeAsync();
            if (broken is HttpRequestException or IOException)
                throw new OutsideException("FETCH_FAILED", $"'{from}': {broken.Message}", broken);
            throw;
        }
    }

    static OutsideException TooLarge(string from) => new("FETCH_FAILED", $"'{from}' has more than 2 GiB.");

    public ValueTask DisposeAsync() => Bytes.DisposeAsync();
}
