using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Media;

/// <summary>Takes a picture under a key, or with If-Match another one in its place.</summary>
/// <remarks>1. The body is read, at most <see cref="Picture.MaxBytes"/>, and turned into what will be shown. 2. The name of
/// the new files is noted as left over, and committed. 3. They are written. 4. One transaction takes the note out and lets
/// the row name them. Whatever dies in between leaves files that are noted, and a row whose files are there.</remarks>
static class UploadMedia
{
    public static void Map(IEndpointRouteBuilder media) =>
        media
            .MapPut("/{media}", Handle)
            .WithName("uploadMedia")
            .WithSummary(
                "Takes a picture (the body: JPEG, PNG, WebP or GIF, at most 20 MiB and 40 million pixels) under a key, or with If-Match another one in its place"
            )
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.BodyTooLarge,
                Refusals.Busy,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed,
                Rejections.MediaUnreadable,
                Rejections.MediaTooLarge,
                Rejections.MediaStoreUnavailable
            );

    static async Task<Reply<MediaView>> Handle(
        string media,
        HttpContext http,
        CatalogDatabase database,
        DarkRoom room,
        TimeProvider clock,
        CancellationToken stop,
        [StringLength(500)] string? alt = null
    )
    {
        if (!Keys.Is(media))
            return Refusals.ValidationFailed.At("media", Keys.Rule);
        if (!Expectation.Of(http).Is(out var expected, out var rejection))
            return rejection;
        if (await Body(http, stop) is not { } upload)
            return Refusals.BodyTooLarge.Because($"A picture has at most {Picture.MaxBytes} bytes.");
        var digest = SHA256.HashData(upload);
        var standing = await MediaTable.Find(database, media, stop);
        if (standing is not null && standing.Digest.AsSpan().SequenceEqual(digest))
            return await http.Write(database, work => Rename(work, media, alt, digest, expected, stop), stop);
        if (expected.Decide(standing?.View.Version) is { } refusal)
            return refusal;
        if (!(await room.Develop(upload, stop)).Is(out var picture, out rejection))
            return rejection;
        var file = await room.Keep(picture, stop);
        var developed = new Developed(file, picture, digest, alt);
        return await http.Write(database, work => Store(work, media, developed, expected, clock, stop), stop);
    }

    sealed record Developed(Guid File, Picture Picture, byte[] Digest, string? Alt)
    {
        public int[] Widths => [.. Picture.Renditions.Select(rendition => rendition.Width)];
    }

    /// <summary>Null where it is too long. The server's own limit is for JSON.</summary>
    static async Task<byte[]?> Body(HttpContext http, CancellationToken stop)
    {
        if (http.Request.ContentLength > Picture.MaxBytes)
            return null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Picture.MaxBytes + 1;
        using var upload = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, stop)) > 0)
        {
            if (upload.Length + read > Picture.MaxBytes)
                return null;
            upload.Write(buffer, 0, read);
        }
        return upload.ToArray();
    }

    /// <summary>The same picture again: nothing, or another text for it.</summary>
    static async Task<Reply<MediaView>> Rename(
        Work work,
        string key,
        string? alt,
        byte[] digest,
        Expectation expected,
        CancellationToken stop
    )
    {
        if (await MediaTable.Lock(work, key, stop) is not { } standing || !standing.Digest.SequenceEqual(digest))
            return Refusals.PreconditionFailed.Because("It has changed meanwhile.");
        if (alt == standing.View.Alt)
        {
            var same = Reply<MediaView>.Of(standing.View, version: standing.View.Version);
            same.Position = (await work.Standing($"media-{key}", stop)).ToString();
            return same;
        }
        if (expected.Decide(standing.View.Version) is { } refusal)
            return refusal;
        var view = standing.View with { Alt = alt, Version = standing.View.Version + 1 };
        await using var rename = work.Command(
            "update media set alt = $2, version = $3, updated_at = now() where key = $1",
            key,
            alt,
            view.Version
        );
        await rename.ExecuteNonQueryAsync(stop);
        work.Happened($"media-{key}", new MediaSet(key, view.Version, standing.File, view.Width, view.Height, alt));
        return Reply<MediaView>.Of(view, version: view.Version);
    }

    /// <summary>Another upload under the key was first: the same picture is no change, another one needs its version.</summary>
    static async Task<Reply<MediaView>> Lost(
        Work work,
        string key,
        Developed developed,
        Expectation expected,
        CancellationToken stop
    ) =>
        await MediaTable.Lock(work, key, stop) is { } winner && winner.Digest.AsSpan().SequenceEqual(developed.Digest)
            ? await Rename(work, key, developed.Alt, developed.Digest, expected, stop)
            : Refusals.PreconditionRequired;

    static async Task<Reply<MediaView>> Store(
        Work work,
        string key,
        Developed developed,
        Expectation expected,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var standing = await MediaTable.Lock(work, key, stop);
        if (standing is not null && standing.Digest.AsSpan().SequenceEqual(developed.Digest))
            return await Rename(work, key, developed.Alt, developed.Digest, expected, stop); // It came meanwhile.
        if (expected.Decide(standing?.View.Version) is { } refusal)
            return refusal;
        var (picture, version) = (developed.Picture, (standing?.View.Version ?? 0) + 1);
        await using var write = work.Command(
            standing is null
                ? """
                insert into media (key, file, digest, width, height, widths, alt, version, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, now(), now()) on conflict do nothing
                """
                : """
                update media set file = $2, digest = $3, width = $4, height = $5, widths = $6, alt = $7, version = $8,
                    updated_at = now()
                where key = $1
                """,
            key,
            developed.File,
            developed.Digest,
            picture.Width,
            picture.Height,
            developed.Widths,
            developed.Alt,
            version
        );
        if (await write.ExecuteNonQueryAsync(stop) == 0)
            return await Lost(work, key, developed, expected, stop);
        await using var named = work.Command("delete from media_leftovers where file = $1", developed.File);
        if (await named.ExecuteNonQueryAsync(stop) == 0)
            return Refusals.Busy; // It took so long that its files were removed.
        if (standing is not null)
            await MediaTable.Leave(work, standing.File, clock, stop);
        work.Happened(
            $"media-{key}",
            new MediaSet(key, version, developed.File, picture.Width, picture.Height, developed.Alt)
        );
        var view = MediaView.Of(
            key,
            developed.File,
            (picture.Width, picture.Height),
            developed.Widths,
            developed.Alt,
            version
        );
        return standing is null
            ? Reply<MediaView>.Of(view, StatusCodes.Status201Created, version, $"/api/v1/media/{key}")
            : Reply<MediaView>.Of(view, version: version);
    }
}
