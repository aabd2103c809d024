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

    public static void Map(IEndpointRouteBuilder media) =>
        media
            .MapGet("/files/{file:guid}/{name}", Handle)
            .WithName("getMediaFile")
            .WithSummary("Sends a picture in one of its sizes; {name} is its width and .webp")
            .OpenToAll("Pictures are shown to everybody who has the address, which names 74 random bits.")
            .Produces(StatusCodes.Status200OK, contentType: "image/webp")
            .Refuses(Rejections.MediaNotFound);

    static IResult Handle(Guid file, string name, HttpContext http, MediaFolder folder)
    {
        if (!name.EndsWith(".webp", StringComparison.Ordinal) || !IsWidth(name[..^5], out var width))
            return (Reply<MediaView>)Rejections.MediaNotFound;
        if (folder.Open(file, width) is not { } opened)
            return (Reply<MediaView>)Rejections.MediaNotFound;
        http.Response.Headers.CacheControl = Forever;
        return Results.Stream(opened, "image/webp", entityTag: new EntityTagHeaderValue($"\"{file:N}-{width}\""));
    }

    static bool IsWidth(string text, out int width) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out width) && width > 0 && text[0] != '0';
}
