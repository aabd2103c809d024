using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Tests.Imports.Schedules;

/// <summary>A supplier's server with TLS on this machine, under an authority of its own.</summary>
sealed class Supplier : IAsyncDisposable
{
    readonly WebApplication app;
    readonly X509Certificate2 certificate;

    Supplier(WebApplication app, X509Certificate2 certificate) => (this.app, this.certificate) = (app, certificate);

    /// <summary>By path: a text, or where to look instead.</summary>
    public ConcurrentDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Paths that were asked for, with the status that was answered.</summary>
    public ConcurrentQueue<(string Path, int Status)> Asked { get; } = [];

    public string Origin => app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public string Authority => certificate.ExportCertificatePem();

    public static async Task<Supplier> Open()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var served = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, at => at.UseHttps(served)));
        var supplier = new Supplier(builder.Build(), served);
        supplier.app.Run(supplier.Answer);
        await supplier.app.StartAsync();
        return supplier;
    }

    async Task Answer(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (!Files.TryGetValue(path, out var file))
            http.Response.StatusCode = 404;
        else if (file.StartsWith("-> ", StringComparison.Ordinal))
            http.Response.Redirect(file[3..]);
        else
        {
            var tag = $"\"{Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(file)))[..16]}\"";
            http.Response.Headers.ETag = tag;
            if (http.Request.Headers.IfNoneMatch == tag && !path.StartsWith("/forgetful", StringComparison.Ordinal))
                http.Response.StatusCode = 304;
            else
                await http.Response.WriteAsync(file);
        }
        Asked.Enqueue((path, http.Response.StatusCode));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }
}
