using System.Buffers;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Caching;

/// <summary>A list whose parts are ready JSON, as an answer.</summary>
public sealed class PartsAnswer(IReadOnlyList<ReadOnlyMemory<byte>> parts, Meta meta) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new ArrayBufferWriter<byte>(parts.Sum(part => part.Length + 1) + 256);
        body.Write("{\"data\":["u8);
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(parts[i].Span);
        }
        body.Write("],\"meta\":"u8);
        body.Write(JsonSerializer.SerializeToUtf8Bytes(meta, KontorJson.Options));
        body.Write("}"u8);
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.WrittenCount;
        httpContext.Response.Headers.CacheControl = meta.Stale is true ? "no-store" : "no-cache";
        await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }
}
