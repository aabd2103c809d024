using Kontor.Journal;
using Kontor.Search;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kontor.Catalog.Search.Following;

/// <summary>An index that is searched, and how far it has come.</summary>
sealed record Serving(SearchedShop Shop, Reach Reach);

/// <summary>The index that this process searches in.</summary>
sealed class SearchStanding
{
    volatile Serving? now;

    /// <summary>Null until the first one has been loaded.</summary>
    public Serving? Now => now;

    /// <summary>Whether what is searched answers: an engine beside the process may be away.</summary>
    public async Task<bool> Answers(CancellationToken stop)
    {
        try
        {
            return now is not { } standing || await standing.Shop.Engine.Position(stop) >= 0;
        }
        catch (Exception away)
            when (away is SearchEngineException or BrokenCircuitException or TimeoutRejectedException)
        {
            return false;
        }
    }

    public void Serve(Serving next) => now = next;
}
