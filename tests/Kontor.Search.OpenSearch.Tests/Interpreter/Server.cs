using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>What goes wrong with a request.</summary>
abstract record Fault
{
    /// <summary>An answer instead of the cluster's own.</summary>
    public sealed record Says(int Status, string Body, string? RetryAfter = null) : Fault;

    /// <summary>Nothing is done and nothing answered until the client is gone.</summary>
    public sealed record Silence : Fault;

    /// <summary>All is done; the answer breaks off.</summary>
    public sealed record CutsAnswer : Fault;

    /// <summary>Of a bulk the first half is done, then the connection breaks.</summary>
    public sealed record CutsHalfDone : Fault;

    /// <summary>The answer is changed on its way.</summary>
    public sealed record Changes(Action<JsonObject> How) : Fault;
}

/// <summary>An HTTP server that interprets the documented requests over documents in memory.</summary>
sealed class Server : IAsyncDisposable
{
    readonly WebApplication app;

    Server(WebApplication app) => this.app = app;

    public Cluster Cluster { get; } = new();

    public Uri Address => new(app.Urls.First());

    /// <summary>By method and path; null: none.</summary>
    public Func<string, Fault?> Faults { get; set; } = _ => null;

    /// <summary>Requests that are in no documentation, in the words of the interpreter. A test that leaves one is red.</summary>
    public ConcurrentQueue<string> Unknown { get; } = [];

    /// <summary>Method and path of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string> Credentials { get; } = [];

    /// <param name="certificate">Speaks HTTPS with it; null: HTTP.</param>
    public static async Task<Server> Start(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(certificate);
                }
            )
        );
        builder.WebHost.UseKestrelHttpsConfiguration();
        var built = builder.Build();
        var server = new Server(built);
        built.Run(server.Answer);
        await built.StartAsync();
        return server;
    }

    async Task Answer(HttpContext context)
    {
        var request = context.Request;
        var what = $"{request.Method} {request.Path}";
        Requests.Enqueue(what);
        Credentials.Enqueue(request.Headers.Authorization.ToString());
        using var memory = new MemoryStream();
        await request.Body.CopyToAsync(memory);
        var body = memory.ToArray();
        switch (Faults(what))
        {
            case Fault.Says says:
                if (says.RetryAfter is { } after)
                    context.Response.Headers.RetryAfter = after;
                await Write(context, says.Status, says.Body);
                return;
            case Fault.Silence:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
                return;
            case Fault.CutsHalfDone:
                var lines = Encoding.UTF8.GetString(body).Split('\n')[..^1];
                Do(
                    request,
                    Encoding.UTF8.GetBytes(string.Concat(lines.Take(lines.Length / 4 * 2).Select(line => line + "\n")))
                );
                context.Abort();
                return;
            case Fault.CutsAnswer:
                var cut = Encoding.UTF8.GetBytes(Do(request, body).Body.ToJsonString());
                context.Response.ContentLength = cut.Length;
                await context.Response.Body.WriteAsync(cut.AsMemory(0, cut.Length / 2));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            case Fault.Changes changes:
                var changed = Do(request, body).Body.AsObject();
                changes.How(changed);
                await Write(context, 200, changed.ToJsonString());
                return;
            default:
                var (status, answer) = Do(request, body);
                await Write(context, status, answer.ToJsonString());
                return;
        }
    }

    static async Task Write(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    (int Status, JsonNode Body) Do(HttpRequest request, byte[] body)
    {
        try
        {
            if (body.Length > 0)
                WantsType(request);
            var parameters = request.Query.ToDictionary(one => one.Key, one => one.Value.ToString());
            return Cluster.Answer(request.Method, request.Path, parameters, body);
        }
        catch (NotInTheContractException unknown)
        {
            // These are what an engine says in its usual days; everything else is a request that no documentation has.
            if (
                unknown.Type
                is not (
                    "index_not_found_exception"
                    or "resource_already_exists_exception"
                    or "too_many_buckets_exception"
                )
            )
                Unknown.Enqueue($"{request.Method} {request.Path}: {unknown.Message}");
            return (
                unknown.Status,
                new JsonObject
                {
                    ["error"] = new JsonObject
                    {
                        ["root_cause"] = new JsonArray(
                            new JsonObject { ["type"] = unknown.Type, ["reason"] = unknown.Message }
                        ),
                        ["type"] = unknown.Type,
                        ["reason"] = unknown.Message,
                    },
                    ["status"] = unknown.Status,
                }
            );
        }
    }

    static void WantsType(HttpRequest request)
    {
        var wanted = request.Path.Value!.EndsWith("/_bulk", StringComparison.Ordinal)
            ? "application/x-ndjson"
            : "application/json";
        if (request.ContentType != wanted)
            throw new NotInTheContractException($"Content-Type header [{request.ContentType}] is not supported");
        if (request.ContentLength is null)
            throw new NotInTheContractException("The body came in chunks, which the engine asks not to be sent.");
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
