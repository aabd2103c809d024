using System.Security.Cryptography;
using Kontor.Kernel;
using Kontor.Platform.Data;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>The files of runs: kept in the database until the run has ended, so that any process can work it off, and after
/// any death.</summary>
static class ReceivedFiles
{
    public const long MaxBytes = 2L << 30;
    public const int MostFiles = 100;

    const int ChunkBytes = 1 << 20;

    /// <summary>Takes a file as it comes, in the place of what stood there; why it does not, else.</summary>
    /// <remarks>Each chunk is kept at once, under its own sending: of two at a time the one that ends last counts, whole. The
    /// run's row is held for each: what comes after the start is refused, and leaves nothing behind.</remarks>
    public static async Task<Rejection?> Receive(
        CatalogDatabase database,
        Guid run,
        (int Place, string Name) file,
        System.IO.Stream body,
        CancellationToken stop
    )
    {
        var sent = Id<Runs.ImportRun>.New(TimeProvider.System).Value;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ChunkBytes];
        var total = 0L;
        for (var at = 0L; ; at++)
        {
            var read = await body.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, stop);
            if ((total += read) > MaxBytes)
                return Rejections.ImportFileTooLarge;
            digest.AppendData(buffer, 0, read);
            await using var keep = database
                .Source.CreateCommand(
                    $"""
                    with receiving as ({Receiving})
                    insert into import_chunks (run, sent, at, bytes) select id, $2, $3, $4 from receiving
                    """
                )
                .With(run, sent, at, new ReadOnlyMemory<byte>(buffer, 0, read));
            if (await keep.ExecuteNonQueryAsync(stop) == 0)
                return Rejections.ImportStateDiffers.Because("It takes no files any more.");
            if (read < ChunkBytes)
                break;
        }
        return await Keep(database, run, file, (sent, total, digest.GetHashAndReset()), stop)
            ? null
            : Rejections.ImportStateDiffers.Because("It takes no files any more.");
    }

    const string Receiving = "select id from import_runs where id = $1 and state = 'receiving' for share";

    static async Task<bool> Keep(
        CatalogDatabase database,
        Guid run,
        (int Place, string Name) file,
        (Guid Sent, long Bytes, byte[] Digest) got,
        CancellationToken stop
    )
    {
        await using var keep = database
            .Source.CreateCommand(
                $"""
                with receiving as ({Receiving}),
                before as (delete from import_chunks c using import_files f, receiving r
                    where f.run = r.id and f.place = $2 and c.run = f.run and c.sent = f.sent)
                insert into import_files (run, place, sent, name, bytes, sha256) select id, $2, $3, $4, $5, $6 from receiving
                on conflict (run, place) do update set sent = excluded.sent, name = excluded.name, bytes = excluded.bytes,
                    sha256 = excluded.sha256
                """
            )
            .With(run, file.Place, got.Sent, file.Name, got.Bytes, got.Digest);
        return await keep.ExecuteNonQueryAsync(stop) > 0;
    }

    /// <summary>Writes them into a folder, for readers that need to go back and forth.</summary>
    public static async Task<IReadOnlyList<(string Name, string Path)>> Fetch(
        CatalogDatabase database,
        Guid run,
        string folder,
        CancellationToken stop
    )
    {
        var files = await database
            .Source.CreateCommand("select place, name, sent from import_files where run = $1 order by place")
            .With(run)
            .Rows(row => (Place: row.GetInt32(0), Name: row.GetString(1), Sent: row.GetGuid(2)), stop);
        var fetched = new List<(string Name, string Path)>();
        foreach (var (place, name, sent) in files)
        {
            var path = Path.Combine(folder, $"{place}");
            await using var into = File.Create(path);
            await using var chunks = database
                .Source.CreateCommand("select bytes from import_chunks where run = $1 and sent = $2 order by at")
                .With(run, sent);
            await using var reader = await chunks.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                await into.WriteAsync(reader.GetFieldValue<byte[]>(0), stop);
            fetched.Add((name, path));
        }
        return fetched;
    }

    /// <summary>What a run does not need once it has ended.</summary>
    public static async Task Clear(CatalogDatabase database, Guid run, CancellationToken stop)
    {
        await StagedParts.Clear(database, "import_parts", run, stop);
        await using var clear = database.Source.CreateCommand("delete from import_chunks where run = $1").With(run);
        await clear.ExecuteNonQueryAsync(stop);
    }
}
