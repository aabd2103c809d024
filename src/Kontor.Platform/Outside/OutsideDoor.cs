using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Kontor.Platform.Outside;

/// <summary>Why something outside was not fetched; for whoever named it.</summary>
public sealed class OutsideException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary><c>ADDRESS_REFUSED</c> or <c>FETCH_FAILED</c>.</summary>
    public string Code => code;
}

/// <summary>What is known of a file since it was last fetched.</summary>
public sealed record Seen(string? Tag, string? Modified);

/// <summary>Fetches files from addresses that people name: by https, from the public internet only.</summary>
/// <remarks>
/// 1. A name is resolved here, and the very address that was looked at is dialled: a name that answers otherwise a second time
/// gains nothing. 2. Redirects are followed here, at most five, each through the same door. 3. No proxy is asked, which would dial
/// by itself. 4. Certificates are checked as everywhere. Networks of one's own are let in by <c>Outside:Allow</c>, and authorities of
/// one's own by <c>Outside:Authorities</c>, a file of PEM certificates.
/// </remarks>
public sealed class OutsideDoor : IDisposable
{
    const int MostRedirects = 5;
    static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    readonly IReadOnlyList<IPNetwork> allowed;
    readonly X509Certificate2Collection authorities = [];
    readonly HttpClient http;

    /// <exception cref="MisconfiguredException">A network or a file that is none.</exception>
    public OutsideDoor(IConfiguration configuration)
    {
        allowed = [.. Networks(configuration["Outside:Allow"])];
        if (configuration["Outside:Authorities"] is { Length: > 0 } file)
            authorities.ImportFromPemFile(
                File.Exists(file) ? file : throw new MisconfiguredException($"Outside:Authorities: no file '{file}'.")
            );
        http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ConnectCallback = Dial,
                ConnectTimeout = ConnectPatience,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
                SslOptions = authorities.Count == 0 ? new() : new() { RemoteCertificateValidationCallback = IsKnown },
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan, // Whoever fetches sets one for the whole.
        };
    }

    /// <summary>What is wrong with an address by its form; null where nothing is.</summary>
    public static string? Fault(string? address) =>
        !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps
            ? "An address that begins with https://."
        : uri.UserInfo.Length > 0 ? "An address without name and password: they would stand in logs."
        : null;

    /// <summary>An address as it may be told on: what stands behind its question mark is often a password.</summary>
    public static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);

    /// <summary>The answer, its body still to be read; null where the file is as it was seen.</summary>
    /// <exception cref="OutsideException">It was not fetched.</exception>
    public async Task<HttpResponseMessage?> Fetch(string address, Seen? seen, CancellationToken stop)
    {
        if (Fault(address) is { } fault)
            throw new OutsideException("ADDRESS_REFUSED", $"The address: {fault}");
        var at = new Uri(address);
        for (var redirects = 0; ; redirects++)
        {
            var answer = await Ask(at, seen, stop);
            if (answer.IsSuccessStatusCode)
                return answer;
            using (answer)
            {
                if (answer.StatusCode == HttpStatusCode.NotModified)
                    return null;
                if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308))
                    throw new OutsideException("FETCH_FAILED", $"'{Shown(at)}' answered {(int)answer.StatusCode}.");
                if (redirects == MostRedirects || answer.Headers.Location is not { } location)
                    throw new OutsideException(
                        "FETCH_FAILED",
                        $"'{Shown(at)}' leads on more than {MostRedirects} times."
                    );
                at = new(at, location);
                if (Fault(at.ToString()) is { } further)
                    throw new OutsideException("ADDRESS_REFUSED", $"It leads to '{Shown(at)}': {further}");
            }
        }
    }

    async Task<HttpResponseMessage> Ask(Uri address, Seen? seen, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (seen?.Tag is { } tag && EntityTagHeaderValue.TryParse(tag, out var known))
            request.Headers.IfNoneMatch.Add(known);
        else if (seen?.Modified is { } modified && DateTimeOffset.TryParse(modified, out var time))
            request.Headers.IfModifiedSince = time;
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (HttpRequestException failed)
        {
            for (Exception? inner = failed; inner is not null; inner = inner.InnerException)
                if (inner is OutsideException refused)
                    throw new OutsideException(refused.Code, refused.Message, failed);
            throw new OutsideException("FETCH_FAILED", $"'{Shown(address)}': {failed.Message}", failed);
        }
    }

    async ValueTask<System.IO.Stream> Dial(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = await Dns.GetHostAddressesAsync(host, stop);
        var reachable = found.Where(IsAllowed).ToArray();
        if (reachable.Length == 0)
            throw new OutsideException("ADDRESS_REFUSED", $"'{host}' does not lie in the public internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(reachable, port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    bool IsAllowed(IPAddress address)
    {
        var bare = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return PublicAddresses.Has(bare) || allowed.Any(network => network.Contains(bare));
    }

    bool IsKnown(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (chain is not null) // Authorities between, which the server has sent along.
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var served = new X509Certificate2(certificate);
        return own.Build(served);
    }

    static IEnumerable<IPNetwork> Networks(string? told)
    {
        foreach (var one in (told ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            yield return IPNetwork.TryParse(one, out var network)
                ? network
                : throw new MisconfiguredException($"Outside:Allow: '{one}' is no network such as 10.1.0.0/16.");
    }

    public void Dispose() => http.Dispose();
}
