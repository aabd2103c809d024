using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Media;

/// <summary>A picture as it stands.</summary>
sealed record StandingMedia(MediaView View, Guid File, byte[] Digest);

/// <summary>Reads and writes the rows of pictures.</summary>
static class MediaTable
{
    const string Select = "select key, file, digest, width, height, widths, alt, version from media";

    public static async Task<StandingMedia?> Find(CatalogDatabase database, string key, CancellationToken stop)
    {
        await using var find = database.Source.CreateCommand($"{Select} where key = $1").With(key);
        return await Read(find, stop) is [var one] ? one : null;
    }

    /// <summary>The row, locked until the end of the transaction.</summary>
    public static async Task<StandingMedia?> Lock(Work work, string key, CancellationToken stop)
    {
        await using var find = work.Command($"{Select} where key = $1 for update", key);
        return await Read(find, stop) is [var one] ? one : null;
    }

    public static async Task<IReadOnlyList<StandingMedia>> Page(
        CatalogDatabase database,
        string after,
        int limit,
        CancellationToken stop
    )
    {
        await using var find = database
            .Source.CreateCommand($"{Select} where key > $1 order by key limit $2")
            .With(after, limit);
        return await Read(find, stop);
    }

    const string OfProduct = $"""
        {Select} join (select media, position from product_media where product = $1) shown on shown.media = key
        order by position
        """;

    /// <summary>The pictures that a product shows, in order.</summary>
    public static async Task<IReadOnlyList<MediaView>> Of(
        CatalogDatabase database,
        Guid product,
        CancellationToken stop
    )
    {
        await using var find = database.Source.CreateCommand(OfProduct).With(product);
        return [.. (await Read(find, stop)).Select(media => media.View)];
    }

    /// <summary>The same, as this transaction has left them.</summary>
    public static async Task<IReadOnlyList<MediaView>> Of(Work work, Guid product, CancellationToken stop)
    {
        await using var find = work.Command(OfProduct, product);
        return [.. (await Read(find, stop)).Select(media => media.View)];
    }

    static async Task<IReadOnlyList<StandingMedia>> Read(NpgsqlCommand find, CancellationToken stop)
    {
        var found = new List<StandingMedia>();
        await using var row = await find.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            found.Add(
                new(
                    MediaView.Of(
                        row.GetString(0),
                        row.GetGuid(1),
                        (row.GetInt32(3), row.GetInt32(4)),
                        row.GetFieldValue<int[]>(5),
                        row.IsDBNull(6) ? null : row.GetString(6),
                        row.GetInt64(7)
                    ),
                    row.GetGuid(1),
                    row.GetFieldValue<byte[]>(2)
                )
            );
        return found;
    }

    /// <summary>Notes files that no row names (yet, or any more), in a transaction of their own or in that of the row.</summary>
    public static async Task Leave(Work work, Guid file, TimeProvider clock, CancellationToken stop)
    {
        await using var note = work.Command(
            "insert into media_leftovers values ($1, $2) on conflict do nothing",
            file,
            clock.GetUtcNow()
        );
        await note.ExecuteNonQueryAsync(stop);
    }
}
