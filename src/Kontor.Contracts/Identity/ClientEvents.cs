using Kontor.Kernel;

namespace Kontor.Contracts.Identity;

/// <summary>What can happen to an API client. Written to the journal for ever: add a v2, never edit a v1.</summary>
public abstract record ClientEvent
{
    /// <param name="ClientId">The id that it signs in with.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Scopes">All that its tokens may carry.</param>
    [EventName("client.added.v1")]
    public sealed record ClientAdded(string ClientId, string Name, IReadOnlyList<string> Scopes) : ClientEvent;

    [EventName("client.removed.v1")]
    public sealed record ClientRemoved(string ClientId) : ClientEvent;
}
