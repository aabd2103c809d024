using System.Runtime.CompilerServices;
using Kontor.Imports.Extracting;
using Kontor.Imports.Mapping;
using Kontor.Kernel;

namespace Kontor.Imports;

/// <summary>The rows of a feed, mapped: read from front to back once, with flat memory.</summary>
/// <remarks>
/// What is wrong with a row is told with it. A file that cannot be read beyond a place ends there, is told in
/// <see cref="Broken"/>, and the next file goes on: look there before concluding anything from the absence of a row.
/// </remarks>
public sealed class MappedFeed
{
    readonly IReadOnlyList<(FeedSource Source, FileMapping Mapping)> files;
    readonly IAttributeForms forms;
    readonly List<FeedBroken> broken = [];
    readonly List<FeedNotice> notices = [];
    readonly long? bytesTotal;
    long bytesRead;
    long rowsRead;
    long skipped;

    MappedFeed(IReadOnlyList<(FeedSource Source, FileMapping Mapping)> files, IAttributeForms forms)
    {
        (this.files, this.forms) = (files, forms);
        bytesTotal = files.All(file => file.Source.Length is not null) ? files.Sum(file => file.Source.Length) : null;
    }

    /// <summary>Which files could not be read to their end; whole once <see cref="Rows"/> has ended.</summary>
    public IReadOnlyList<FeedBroken> Broken => broken;

    /// <summary>What is odd about files as a whole, such as a column that the mapping names and the file lacks.</summary>
    public IReadOnlyList<FeedNotice> Notices => notices;

    public FeedProgress Progress =>
        new(Volatile.Read(ref bytesRead), bytesTotal, Volatile.Read(ref rowsRead), Volatile.Read(ref skipped));

    /// <summary>Finds the mapping of each file; reads nothing yet. Refuses a file whose name no pattern fits.</summary>
    public static Result<MappedFeed> Open(FeedMapping mapping, IReadOnlyList<FeedSource> sources, IAttributeForms forms)
    {
        List<(FeedSource, FileMapping)> mapped = [];
        foreach (var source in sources)
        {
            var name = BareName(source.Name);
            if (mapping.Files.FirstOrDefault(file => file.Name?.IsMatch(name) ?? true) is not { } found)
                return Rejections.FileNotMapped.Because($"'{source.Name}'");
            mapped.Add((source, found));
        }
        return new MappedFeed(mapped, forms);
    }

    /// <summary>The rows of all files, one file behind the other. To be enumerated once.</summary>
    public async IAsyncEnumerable<MappedRow> Rows([EnumeratorCancellation] CancellationToken stop)
    {
        for (var file = 0; file < files.Count; file++)
        {
            await using var opened = await Start(file, stop);
            if (opened is null)
                continue;
            using var mapper = new RowMapper(files[file].Mapping, forms);
            while (await Next(opened.Reader, file, stop) is { } row)
            {
                Volatile.Write(ref rowsRead, rowsRead + 1);
                if (mapper.Map(row, new(file, row.Line)) is { } mapped)
                    yield return mapped;
                else
                    Volatile.Write(ref skipped, skipped + 1);
                // A file of a single block in memory would hold its reader's thread otherwise.
                stop.ThrowIfCancellationRequested();
            }
        }
    }

    sealed record Started(OpenedFile File, RowReader Reader) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Reader.Dispose();
            return File.DisposeAsync();
        }
    }

    async Task<Started?> Start(int file, CancellationToken stop)
    {
        var (source, mapping) = files[file];
        var stream = await source.Open(stop);
        OpenedFile? opened = null;
        try
        {
            opened = await OpenedFile.Open(
                source.Name,
                stream,
                Quarantine.FormOf(source.Name, mapping.Form),
                Count,
                stop
            );
            var reader = opened.Rows(mapping.Fields);
            await reader.Start(stop);
            if (opened.Doubt is { } doubt)
                notices.Add(new(file, source.Name, "ENCODING_DOUBTFUL", doubt));
            if (reader.Header is { } header)
                foreach (var field in mapping.Fields.Where(field => header.Find(field.Steps[0].Name) < 0))
                    notices.Add(new(file, source.Name, "COLUMN_MISSING", $"The file has no column '{field.Path}'."));
            return new(opened, reader);
        }
        catch (Exception thrown) when (FeedBrokenException.Of(thrown, file, source.Name, 0) is { } told)
        {
            broken.Add(told);
            if (opened is not null)
                await opened.DisposeAsync();
            await stream.DisposeAsync();
            return null;
        }
    }

    async ValueTask<FeedRow?> Next(RowReader reader, int file, CancellationToken stop)
    {
        try
        {
            return await reader.Next(stop);
        }
        catch (Exception thrown)
            when (FeedBrokenException.Of(thrown, file, files[file].Source.Name, reader.At) is { } told)
        {
            broken.Add(told);
            return null;
        }
    }

    void Count(int bytes) => Volatile.Write(ref bytesRead, bytesRead + bytes);

    /// <summary>The name that patterns are held against: without the ending of a quarantine or an archive of one file.</summary>
    static string BareName(string name) => Quarantine.SourceOf(name) ?? name;
}
