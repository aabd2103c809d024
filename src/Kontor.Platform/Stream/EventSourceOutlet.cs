using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Kontor.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kontor.Platform.Stream;

/// <summary>Server-Sent Events. Events have no <c>event</c> field, so that a browser's <c>onmessage</c> gets them and
/// nothing else; control frames are events by their own type.</summary>
sealed class EventSourceOutlet : IOutlet
{
    readonly PipeWriter body;
    readonly TimeSpan writeWithin;

    public EventSourceOutlet(HttpContext http, TimeSpan writeWithin)
    {
        // Our own limit on a write that stands still takes the place of Kestrel's on slow readers.
        http.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        body = http.Response.BodyWriter;
        this.writeWithin = writeWithin;
        Put("retry: 1000\n\n"u8);
    }

    public int Waiting { get; private set; }

    public ValueTask Write(StreamEvent happened, ReadOnlyMemory<byte> position, CancellationToken stop)
    {
        Put("id: "u8);
        Put(position.Span);
        Put("\ndata: "u8);
        happened.WriteTo(body, position.Span);
        Waiting += happened.Json.Length + position.Length;
        Put("\n\n"u8);
        return default;
    }

    public ValueTask Write(ControlFrame control, CancellationToken stop)
    {
        Put(Encoding.UTF8.GetBytes($"id: {control.Position}\nevent: {control.Type}\ndata: "));
        Put(JsonSerializer.SerializeToUtf8Bytes(control, KontorJson.Options));
        Put("\n\n"u8);
        return default;
    }

    public ValueTask Flush(CancellationToken stop)
    {
        Waiting = 0;
        return Send(stop).Within(writeWithin, stop);
    }

    async ValueTask Send(CancellationToken stop)
    {
        if ((await body.FlushAsync(stop)).IsCompleted)
            throw new IOException("The client has gone.");
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        System.Buffers.BuffersExtensions.Write(body, bytes);
        Waiting += bytes.Length;
    }
}
