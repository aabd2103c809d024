using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Kontor.Search.OpenSearch;

/// <summary>Makes the client that an engine speaks through, for who has none: breakers and metrics are the caller's handlers.</summary>
public static class Connection
{
    /// <param name="options">Without a fault.</param>
    public static SocketsHttpHandler Handler(OpenSearchOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // Addresses behind a name change; a connection is not kept for ever.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromMilliseconds(options.TimeoutMs),
            AutomaticDecompression = System.Net.DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        if (options.Authorities is { } file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        return handler;
    }
}
