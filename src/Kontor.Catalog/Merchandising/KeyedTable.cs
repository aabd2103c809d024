using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Kontor.Catalog.Merchandising;

/// <summary>What stands under a key of its owner's choosing and counts its changes.</summary>
interface IKeyed
{
    string Key { get; }

    long Version { get; }
}

/// <summary>A small table of things with keys: listed in the order of their keys, put with If-Match, removed with it.</summary>
/// <param name="Name">Of the table.</param>
/// <param name="Path">Of the resource, below /api/v1.</param>
/// <param name="Stream">What the streams of its events begin with.</param>
/// <param name="Columns">In the order in which a row is read; the first is the key.</param>
sealed record KeyedTable<T>(string Name, string Path, string Stream, string Columns)
    where T : class, IKeyed
{
    public required Func<NpgsqlDataReader, T> Of { get; init; }

    public required Rejection NotFound { get; init; }

    /// <summary>How many there may be, and the refusal of one more.</summary>
    public required (int Count, Rejection Refusal) Most { get; init; }

    public async Task<Result<Page<T>>> Page(CatalogDatabase database, int limit, string? after, CancellationToken stop)
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var find = database
            .Source.CreateCommand($"select {Columns} from {Name} where key > $1 order by key limit $2")
            .With(last, limit + 1);
        return (await find.Rows(Of, stop)).ToPage(limit, one => one.Key);
    }

    public async Task<Reply<T>> Show(CatalogDatabase database, string key, CancellationToken stop)
    {
        var find = database.Source.CreateCommand($"select {Columns} from {Name} where key = $1").With(key);
        return (await find.Rows(Of, stop)) is [var found] ? Reply<T>.Of(found, version: found.Version) : NotFound;
    }

    public async Task<IReadOnlyList<T>> All(CatalogDatabase database, CancellationToken stop) =>
        await database.Source.CreateCommand($"select {Columns} from {Name} order by key").Rows(Of, stop);

    /// <summary>Puts it where the expectation allows; what stands so already stays as it is.</summary>
    /// <param name="wanted">Its key, and the thing as it would be under a version.</param>
    /// <param name="write">Inserts it, or where a row has its key replaces that; and what has happened then.</param>
    public async Task<Reply<T>> Put(
        Work work,
        Expectation expected,
        (string Key, Func<long, T> Next) wanted,
        Func<T, (NpgsqlCommand Write, object Happened)> write,
        CancellationToken stop
    )
    {
        // One put after the other: what is new is counted, and two of one key are one after the other too.
        await using (var queue = work.Command("select pg_advisory_xact_lock(hashtext($1))", Name))
            await queue.ExecuteNonQueryAsync(stop);
        var standing = await Standing(work, wanted.Key, stop);
        if (expected.Decide(standing?.Version) is { } refusal)
            return refusal;
        if (standing is not null && IsSame(wanted.Next(standing.Version), standing))
        {
            var unchanged = Reply<T>.Of(standing, version: standing.Version);
            unchanged.Position = (await work.Standing($"{Stream}-{wanted.Key}", stop)).ToString();
            return unchanged;
        }
        if (standing is null && await Count(work, stop) >= Most.Count)
            return Most.Refusal;
        var view = wanted.Next((standing?.Version ?? 0) + 1);
        var (command, happened) = write(view);
        await using (command)
            await command.ExecuteNonQueryAsync(stop);
        work.Happened($"{Stream}-{view.Key}", happened);
        return standing is null
            ? Reply<T>.Of(view, StatusCodes.Status201Created, view.Version, $"/api/v1/{Path}/{view.Key}")
            : Reply<T>.Of(view, version: view.Version);
    }

    public async Task<Reply<T>> Remove(Work work, string key, long? expected, object happened, CancellationToken stop)
    {
        if (await Standing(work, key, stop) is not { } standing)
            return NotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        await using var delete = work.Command($"delete from {Name} where key = $1", key);
        await delete.ExecuteNonQueryAsync(stop);
        work.Happened($"{Stream}-{key}", happened);
        return standing;
    }

    async Task<T?> Standing(Work work, string key, CancellationToken stop) =>
        (
            await work.Command($"select {Columns} from {Name} where key = $1 for update", key).Rows(Of, stop)
        ).SingleOrDefault();

    async Task<long> Count(Work work, CancellationToken stop)
    {
        await using var count = work.Command($"select count(*) from {Name}");
        return (long)(await count.ExecuteScalarAsync(stop))!;
    }

    /// <summary>By what they say: lists in records are compared by where they lie.</summary>
    static bool IsSame(T one, T other) =>
        JsonSerializer
            .SerializeToUtf8Bytes(one, KontorJson.Options)
            .AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, KontorJson.Options));
}
