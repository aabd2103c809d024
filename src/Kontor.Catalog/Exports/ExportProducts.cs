using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Exports;

/// <summary>Sends the catalogue, or a part of it, as one file.</summary>
static class ExportProducts
{
    public static void Map(IEndpointRouteBuilder products) =>
        products
            .MapGet("/export", Handle)
            .WithName("exportProducts")
            .WithSummary("Sends products as a file: ndjson and csv import back as they are, xlsx, or a feed for Google")
            .RequireScope(Scopes.CatalogRead)
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson", "text/csv", "application/rss+xml")
            .Refuses(Refusals.ValidationFailed, Rejections.ExportTooWide);

    static async Task<IResult> Handle(
        HttpContext http,
        ProductExport export,
        CancellationToken stop,
        [AllowedValues("ndjson", "csv", "xlsx", "google")] string format = "ndjson",
        [StringLength(100)] string? type = null,
        [StringLength(100)] string? category = null,
        [StringLength(3)] string? currency = null,
        [StringLength(500)] string? link = null,
        [StringLength(500)] string? images = null
    )
    {
        var form = Enum.Parse<ExportFormat>(format, ignoreCase: true);
        if (!ProductExport.Wanted(form, type, category, (currency, link, images)).Is(out var wanted, out var wrong))
            return new Refusal(wrong);
        var refused = await export.Write(wanted, () => Begin(http, form), stop);
        return refused is null ? Results.Empty : new Refusal(refused);
    }

    /// <summary>An answer that breaks off behind here is cut by the server: nobody takes half a catalogue for one.</summary>
    static System.IO.Stream Begin(HttpContext http, ExportFormat format)
    {
        var (contentType, ending) = ProductExport.FileOf(format);
        http.Response.ContentType = contentType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=products.{ending}";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body;
    }
}
