using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Kontor.Catalog.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Tests.Media.Stores;

/// <summary>A store that speaks as much of S3 as Kontor needs, over real HTTP: it checks who asks and that what came is what
/// was signed, keeps the bytes, and goes wrong where a test tells it to.</summary>
sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "pictures";
    public const string AccessKey = "AKIDSHOP";
    public const string Secret = "kontor/test+secret=of.a.shop";
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    readonly WebApplication app;

    S3Server(WebApplication app) => this.app = app;

    /// <summary>What it keeps, by key.</summary>
    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Each request that it understood, as method and key.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What happens to a request that is in order; true where that was its answer.</summary>
    public Func<HttpContext, Task<bool>>? Happens { get; set; }

    public Uri Url => new(app.Urls.Single());

    public BucketPlace Place =>
        new(Url, Bucket, "eu-north-1", AccessKey, Secret, IsPathStyle: true, "shop/", TimeSpan.FromSeconds(20));

    public static async Task<S3Server> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var server = new S3Server(built);
        built.Run(server.Answer);
        await built.StartAsync();
        return server;
    }

    /// <summary>From now on nobody is there.</summary>
    public Task Die() => app.StopAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task Answer(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (Refusal(http, bytes) is var (status, code))
        {
            await Refuse(http, status, code);
            return;
        }
        var key = Uri.UnescapeDataString(http.Request.Path.Value!.Split('/', 3).ElementAtOrDefault(2) ?? "");
        Asked.Enqueue($"{http.Request.Method} {key}".Trim());
        if (Happens is { } happens && await happens(http))
            return;
        await Do(http, key, bytes);
    }

    static (int Status, string Code)? Refusal(HttpContext http, byte[] body)
    {
        var request = new SignedRequest(
            http.Request.Method,
            http.Features.Get<IHttpRequestFeature>()!.RawTarget,
            http.Request.Headers.ToDictionary(
                header => header.Key.ToLowerInvariant(),
                header => header.Value.ToString(),
                StringComparer.Ordinal
            )
        );
        if (SignatureV4.KeyOf(request) is not { } key)
            return (403, "AccessDenied");
        if (key != AccessKey)
            return (403, "InvalidAccessKeyId");
        if (!SignatureV4.IsSignedBy(request, Secret))
            return (403, "SignatureDoesNotMatch");
        var at = DateTimeOffset.ParseExact(
            request.Headers["x-amz-date"],
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );
        if ((TimeProvider.System.GetUtcNow() - at).Duration() > Skew)
            return (403, "RequestTimeTooSkewed");
        if (request.Headers["x-amz-content-sha256"] != Convert.ToHexStringLower(SHA256.HashData(body)))
            return (400, "XAmzContentSHA256Mismatch");
        return http.Request.Path.Value!.Split('/').ElementAtOrDefault(1) == Bucket ? null : (404, "NoSuchBucket");
    }

    async Task Do(HttpContext http, string key, byte[] body)
    {
        switch (http.Request.Method, key)
        {
            case ("GET", ""):
                await List(http);
                break;
            case ("GET", _) when Objects.TryGetValue(key, out var kept):
                http.Response.ContentType = "image/webp";
                http.Response.ContentLength = kept.Length;
                await http.Response.Body.WriteAsync(kept);
                break;
            case ("GET", _):
                await Refuse(http, 404, "NoSuchKey");
                break;
            case ("PUT", not ""):
                Objects[key] = body;
                http.Response.Headers.ETag = "\"kept\"";
                break;
            case ("DELETE", not ""):
                Objects.TryRemove(key, out _);
                http.Response.StatusCode = 204;
                break;
            default:
                await Refuse(http, 405, "MethodNotAllowed");
                break;
        }
    }

    Task List(HttpContext http)
    {
        var most = int.Parse(http.Request.Query["max-keys"].FirstOrDefault("1000")!, CultureInfo.InvariantCulture);
        var prefix = http.Request.Query["prefix"].ToString();
        var found = Objects.Where(held => held.Key.StartsWith(prefix, StringComparison.Ordinal)).Take(most).ToList();
        XNamespace s3 = "http://s3.amazonaws.com/doc/2006-03-01/";
        var answer = new XElement(
            s3 + "ListBucketResult",
            new XElement(s3 + "Name", Bucket),
            new XElement(s3 + "Prefix", prefix),
            new XElement(s3 + "KeyCount", found.Count),
            new XElement(s3 + "MaxKeys", most),
            new XElement(s3 + "IsTruncated", false),
            found.Select(held => new XElement(
                s3 + "Contents",
                new XElement(s3 + "Key", held.Key),
                new XElement(s3 + "LastModified", "2026-01-01T00:00:00.000Z"),
                new XElement(s3 + "ETag", "\"kept\""),
                new XElement(s3 + "Size", held.Value.Length)
            ))
        );
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(answer.ToString());
    }

    /// <summary>With the secret's traces in its words, as real stores have what was signed in theirs.</summary>
    public static Task Refuse(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        var answer = new XElement(
            "Error",
            new XElement("Code", code),
            new XElement("Message", $"It is {code}; {http.Request.Headers.Authorization}"),
            new XElement("RequestId", "1")
        );
        return http.Response.WriteAsync(answer.ToString());
    }
}
