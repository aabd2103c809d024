using System.Net;
using System.Net.Sockets;

namespace Kontor.Host.Serving;

/// <summary>Looks at an address before anything is started for it: the usual mistakes get a sentence, not a stack.</summary>
static class Addresses
{
    /// <summary>Why the server could not listen there; null where nothing speaks against it.</summary>
    public static string? WhyNot(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return $"'{url}' is not an address to listen at; write --urls http://localhost:8080, for example.";
        }
        if (address.IsUnixPipe || address.Port == 0)
            return null;
        return PlaceOf(address.Host) is { } place ? Try(new(place, address.Port), url) : null;
    }

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
