using System.Buffers;
using System.Net.Mime;
using System.Reflection;
using System.Text.Json;
using Kontor.Catalog.Products;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Kontor.Catalog.Search.Asked;

/// <summary>Products that were found, as they were written before, with what is said about them; or a refusal.</summary>
sealed class FoundReply : IResult, IEndpointMetadataProvider
{
    readonly Rejection? rejection;
    readonly IReadOnlyList<ProductCard> cards;
    readonly SearchMeta? meta;

    FoundReply(Rejection? rejection, IReadOnlyList<ProductCard> cards, SearchMeta? meta) =>
        (this.rejection, this.cards, this.meta) = (rejection, cards, meta);

    public static implicit operator FoundReply(Rejection rejection) => new(rejection, [], null);

    public static FoundReply Of(IReadOnlyList<ProductCard> cards, SearchMeta meta) => new(null, cards, meta);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (rejection is not null)
        {
            await Problems.Write(httpContext, rejection);
            return;
        }
        var body = new ArrayBufferWriter<byte>(256 + cards.Sum(card => card.Json.Length + 1));
        body.Write("{\"data\":["u8);
        for (var i = 0; i < cards.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(cards[i].Json.Span);
        }
        body.Write("],\"meta\":"u8);
        await using (var writer = new Utf8JsonWriter(body))
            JsonSerializer.Serialize(writer, meta, KontorJson.Options);
        body.Write("}"u8);
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(
                StatusCodes.Status200OK,
                typeof(FoundProducts),
                [MediaTypeNames.Application.Json]
            )
        );
}
