namespace Kontor.Platform.Neighbours;

/// <summary>A service in another process does not answer now, or not in time; what was asked of it may have happened.</summary>
public sealed class NeighbourAwayException(string service, Exception? inner = null)
    : HttpRequestException($"The service {service} does not answer.", inner)
{
    public string Service => service;
}
