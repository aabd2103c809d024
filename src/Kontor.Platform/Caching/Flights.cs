using System.Collections.Concurrent;
using Kontor.Journal;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Caching;

/// <summary>How a load ended for one key.</summary>
/// <param name="Head">What it covers.</param>
sealed record Landing(Kept? Entry, IResult? Otherwise, JournalHead Head)
{
    public bool Covers(Position position) =>
        position.Number == 0
        || (
            position.Incarnation == Head.Incarnation
            && position.Number <= (position.IsInsertion ? Head.Mark : Head.Sequence)
        );
}

/// <summary>Which keys a reader loads, and which others are loading just now.</summary>
sealed record Boarding(
    List<BodyKey> Own,
    Dictionary<BodyKey, TaskCompletionSource<Landing>> Seats,
    List<(BodyKey Key, Task<Landing> Landing)> Others
);

/// <summary>One load for each key at a time.</summary>
sealed class Flights
{
    readonly ConcurrentDictionary<BodyKey, TaskCompletionSource<Landing>> inAir = new();

    public Boarding Board(List<BodyKey> keys)
    {
        var boarding = new Boarding([], [], []);
        foreach (var key in keys)
        {
            var seat = new TaskCompletionSource<Landing>(TaskCreationOptions.RunContinuationsAsynchronously);
            var first = inAir.GetOrAdd(key, seat);
            if (ReferenceEquals(first, seat))
            {
                boarding.Own.Add(key);
                boarding.Seats.Add(key, seat);
            }
            else
                boarding.Others.Add((key, first.Task));
        }
        return boarding;
    }

    public void Land(Boarding flight, Dictionary<BodyKey, Landing> landed)
    {
        foreach (var (key, seat) in flight.Seats)
        {
            inAir.TryRemove(KeyValuePair.Create(key, seat));
            seat.SetResult(landed[key]);
        }
    }

    public void Crash(Boarding flight, Exception fault)
    {
        foreach (var (key, seat) in flight.Seats)
        {
            inAir.TryRemove(KeyValuePair.Create(key, seat));
            seat.SetException(fault);
            _ = seat.Task.Exception; // Nobody may be waiting for it.
        }
    }
}
