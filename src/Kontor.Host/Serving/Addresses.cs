using System.Net;
using System.Net.Sockets;

namespace Kontor.Host.Serving;

/// <summary>Looks at an address before anything is started for it: the usual mistakes get a sentence, not a stack.</summary>
static class Addresses
{
    const int LastPort = 65_535;

    /// <summary>Why the server could not listen there; null where nothing speaks against it.</summary>
    public static string? WhyNot(IReadOnlyCollection<string> urls) =>
        urls.Count == 0
            ? "--urls names no address to listen at; write --urls http://localhost:8080, for example."
            : urls.Select(WhyNot).FirstOrDefault(why => why is not null);

    static string? WhyNot(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException)
        {
            return $"'{url}' is not an address to listen at; write --urls http://localhost:8080, for example.";
        }
        if (Unserved(address) is { } unserved)
            return $"{url} cannot be listened at: {unserved}";
        if (address.IsUnixPipe || address.Port == 0)
            return null;
        return PlaceOf(address.Host) is { } place ? Try(new(place, address.Port), url) : null;
    }

    static string? Unserved(BindingAddress address) =>
        address.Scheme.ToUpperInvariant() switch
        {
            "HTTP" when address.PathBase.Length > 0 =>
                "its doors are at the root; leave the path out, and let a proxy add it.",
            "HTTP" when !address.IsUnixPipe && address.Port is < 0 or > LastPort =>
                $"a port is a number from 0 (any that is free) to {LastPort}.",
            "HTTP" => null,
            "HTTPS" => "Kontor holds no certificate; listen at http:// and let a proxy before it speak TLS.",
            _ => "Kontor speaks http:// only.",
        };

    /// <summary>Null for names that the server resolves in its own way.</summary>
    static IPAddress? PlaceOf(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : null;

    static string? Try(IPEndPoint place, string url)
    {
        try
        {
            using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(place);
            return null;
        }
        catch (SocketException refused)
        {
            return $"{url} cannot be listened at: {refused.Message}. Choose another address with --urls.";
        }
    }
}
