using System.Globalization;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Kontor.Catalog.Media;

/// <summary>Sends a picture in one of its sizes. What is at an address never changes, so everybody may keep it.</summary>
static class ServeMedia
{
    const string Forever = "public, max-age=31536000, immutable";
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder media) =>
        media
            .MapGet("/files/{file:guid}/{name}", Handle)
            .WithName("getMediaFile")
            .WithSummary("Sends a picture in one of its sizes; {name} is its width and .webp")
            .OpenToAll("Pictures are shown to everybody who has the address, which names 74 random bits.")
            .Produces(StatusCodes.Status200OK, contentType: "image/webp")
            .Refuses(Rejections.MediaNotFound, Rejections.MediaStoreUnavailable);

    static async Task<IResult> Handle(
        Guid file,
        string name,
        HttpContext http,
        IMediaStore store,
        CancellationToken stop
    )
    {
        if (!name.EndsWith(".webp", StringComparison.Ordinal) || !IsWidth(name[..^5], out var width))
            return (Reply<MediaView>)Rejections.MediaNotFound;
        if (await store.Open(file, width, stop) is not { } opened)
            return (Reply<MediaView>)Rejections.MediaNotFound;
        http.Response.RegisterForDisposeAsync(opened);
        http.Response.Headers.CacheControl = Forever;
        http.Response.ContentLength = opened.Length;
        return Results.Stream(
            to => Send(opened.Bytes, to, http, stop),
            "image/webp",
            entityTag: new EntityTagHeaderValue($"\"{file:N}-{width}\"")
        );
    }

    /// <summary>Only the store's pauses are counted: a reader may be as slow as the server allows. A store that breaks off
    /// breaks the answer off, whose length was told: nobody takes half a picture for one.</summary>
    static async Task Send(System.IO.Stream from, System.IO.Stream to, HttpContext http, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                limit.CancelAfter(Pause);
                var read = await from.ReadAsync(buffer, either.Token);
                limit.CancelAfter(Timeout.Infinite);
                if (read == 0)
                    return;
                await to.WriteAsync(buffer.AsMemory(0, read), stop);
            }
        }
        catch (Exception broken)
            when (broken is IOException or OperationCanceledException or HttpRequestException
                && !stop.IsCancellationRequested
            )
        {
            http.Abort();
        }
    }

    static bool IsWidth(string text, out int width) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out width) && width > 0 && text[0] != '0';
}
