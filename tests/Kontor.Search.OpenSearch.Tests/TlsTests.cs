using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kontor.Search.OpenSearch.Tests.Interpreter;

namespace Kontor.Search.OpenSearch.Tests;

/// <summary>A server whose certificate descends from an authority of the shop's own.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    readonly string file = Path.Combine(Path.GetTempPath(), $"kontor-authority-{Environment.ProcessId}.pem");
    readonly CancellationToken stop = TestContext.Current.CancellationToken;
    Server server = null!; // Since InitializeAsync.

    public async ValueTask InitializeAsync()
    {
        using var key = RSA.Create(2048);
        var authority = new CertificateRequest(
            "CN=authority",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        using var root = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        await File.WriteAllTextAsync(file, root.ExportCertificatePem(), stop);

        using var its = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", its, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
        using var withKey = signed.CopyWithPrivateKey(its);
        server = await Server.Start(
            X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        File.Delete(file);
    }

    OpenSearchOptions Options(string? authorities) =>
        new(server.Address, "shop")
        {
            User = "shop",
            Password = "secret",
            Languages = new Dictionary<string, string>(),
            Authorities = authorities,
            Attempts = 1,
        };

    [Fact]
    public async Task An_authority_of_the_shops_own_is_trusted_where_it_is_named()
    {
        var options = Options(file);
        using var http = new HttpClient(Connection.Handler(options));
        var engine = new OpenSearchEngine(http, options, SearchSchema.Usual, TimeProvider.System);

        await engine.Ensure(stop);
        await engine.Apply([Wares.Of(1, "lamp", language: "")], [], 1, stop);

        Assert.Equal("1:100", await Wares.Found(engine));
    }

    [Fact]
    public async Task An_authority_that_nobody_named_is_sent_nothing()
    {
        var options = Options(null);
        using var http = new HttpClient(Connection.Handler(options));
        var engine = new OpenSearchEngine(http, options, SearchSchema.Usual, TimeProvider.System);

        var fault = await Assert.ThrowsAsync<SearchEngineException>(async () => await engine.Find(Wares.Query(), stop));

        Assert.True(fault.MayPass);
        Assert.Empty(server.Credentials);
    }
}
