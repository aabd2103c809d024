using System.Security.Cryptography;
using Kontor.Platform.Data;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>The files of runs: kept in the database until the run has ended, so that any process can work it off, and after
/// any death.</summary>
static class ReceivedFiles
{
    public const long MaxBytes = 2L << 30;
    public const int MostFiles = 100;

    const int ChunkBytes = 1 << 20;

    /// <summary>Takes a file as it comes, whatever stood in its place; false where it is too long.</summary>
    /// <remarks>Each chunk is kept at once; the file is there when its row is written, last.</remarks>
    public static async Task<bool> Receive(
        CatalogDatabase database,
        Guid run,
        (int Place, string Name) file,
        System.IO.Stream body,
        CancellationToken stop
    )
    {
        await Forget(database, run, file.Place, stop);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ChunkBytes];
        var total = 0L;
        for (var at = 0L; ; at++)
        {
            var read = await body.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, stop);
            if ((total += read) > MaxBytes)
                return false;
            digest.AppendData(buffer, 0, read);
            await using var keep = database
                .Source.CreateCommand(
                    """
                    insert into import_chunks (run, place, at, bytes) values ($1, $2, $3, $4)
                    on conflict (run, place, at) do update set bytes = excluded.bytes
                    """
                )
                .With(run, file.Place, at, new ReadOnlyMemory<byte>(buffer, 0, read));
            await keep.ExecuteNonQueryAsync(stop);
            if (read < ChunkBytes)
                break;
        }
        await using var name = database
            .Source.CreateCommand(
                """
                insert into import_files (run, place, name, bytes, sha256) values ($1, $2, $3, $4, $5)
                on conflict (run, place) do update set name = excluded.name, bytes = excluded.bytes, sha256 = excluded.sha256
                """
            )
            .With(run, file.Place, file.Name, total, digest.GetHashAndReset());
        await name.ExecuteNonQueryAsync(stop);
        return true;
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
            .Source.CreateCommand("select place, name from import_files where run = $1 order by place")
            .With(run)
            .Rows(row => (Place: row.GetInt32(0), Name: row.GetString(1)), stop);
        var fetched = new List<(string Name, string Path)>();
        foreach (var (place, name) in files)
        {
            var path = Path.Combine(folder, $"{place}");
            await using var into = File.Create(path);
            await using var chunks = database
                .Source.CreateCommand("select bytes from import_chunks where run = $1 and place = $2 order by at")
                .With(run, place);
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

    static async Task Forget(CatalogDatabase database, Guid run, int place, CancellationToken stop)
    {
        await using var forget = database
            .Source.CreateCommand(
                """
                with gone as (delete from import_files where run = $1 and place = $2)
                delete from import_chunks where run = $1 and place = $2
                """
            )
            .With(run, place);
        await forget.ExecuteNonQueryAsync(stop);
    }
}
