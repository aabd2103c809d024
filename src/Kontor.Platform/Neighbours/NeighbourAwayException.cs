using Polly;

namespace Kontor.Platform.Neighbours;

/// <summary>A service in another process does not answer now, or not in time; what was asked of it may have happened.</summary>
public sealed class NeighbourAwayException(string service, Exception? inner = null)
    : HttpRequestException($"The service {service} does not answer.", inner)
{
    public string Service => service;
}

/// <summary>Says of every failure between two services the same thing, whichever guard noticed it.</summary>
sealed class SaysAway(string service) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception away) when (away is ExecutionRejectedException or HttpRequestException or IOException)
        {
            throw away as NeighbourAwayException ?? new NeighbourAwayException(service, away);
        }
    }
}
