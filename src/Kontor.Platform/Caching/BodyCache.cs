using Kontor.Journal;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Caching;

/// <summary>What a reader gets: a body that is kept, or what is answered instead; neither where there is none.</summary>
/// <param name="IsStale">It may be older than what stands, since the database is away; the reader must say so.</param>
public readonly record struct Found(Kept? Entry, bool IsStale = false, IResult? Otherwise = null);

/// <summary>Answers of one service from memory, never silently older than what the reader has seen.</summary>
/// <remarks>
/// A reader with a position is answered from memory only where that is applied: every eviction up to it has taken effect, or
/// the body was read after it. Whoever asks looks at <see cref="Reach"/> first and at the shelf then, since evictions come
/// in the other order. A burst of misses of one key is one load; a reader takes another's load only where its head covers
/// the position, or else loads for itself from the primary, which has everything.
/// </remarks>
/// <param name="second">Bodies that other processes have loaded; null where there are none.</param>
public sealed class BodyCache(BodyShelf shelf, Reach reach, ISecondLevel? second, TimeProvider clock)
{
    /// <summary>How long a reader waits for a position before the primary is asked.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>What has not come by then would not be kept either, and who asks is told to come again.</summary>
    static readonly TimeSpan LoadLimit = BodyShelf.LoadsLast;

    /// <summary>While the journal is silent, the database is probably away, and a reader does not wait for it long.</summary>
    static readonly TimeSpan BlindLimit = TimeSpan.FromSeconds(2);

    readonly Flights flights = new();

    public BodyShelf Shelf => shelf;

    public Reach Reach => reach;

    /// <summary>Whether it could answer something while its database is away.</summary>
    public bool CanServe => shelf.Count > 0;

    /// <summary>The body of an address, if it is here and right; no waiting, no allocation.</summary>
    public Found? TryHit(in BodyKey key, Position? atLeast)
    {
        var has = atLeast is not { } position || reach.Has(position);
        if (shelf.Find(key) is not { } kept || kept.Until <= clock.GetTimestamp())
            return null;
        if (!has && !kept.Covers(atLeast!.Value))
            return null;
        CacheMeter.Hit();
        return new(kept, reach.IsBlind);
    }

    /// <summary>The body of one key.</summary>
    public async Task<Found> Get(BodyKey key, Position? atLeast, LoadBodies load, CancellationToken stop) =>
        (await Get([key], atLeast, load, stop))[0];

    /// <summary>Bodies in the order of their keys, no key twice; what is missing is loaded at once.</summary>
    public async Task<Found[]> Get(
        IReadOnlyList<BodyKey> keys,
        Position? atLeast,
        LoadBodies load,
        CancellationToken stop
    )
    {
        var has =
            atLeast is not { } position
            || reach.Has(position)
            || (!reach.IsBlind && await reach.Wait(position, Patience, stop));
        var found = new Found[keys.Count];
        var missing = new Dictionary<BodyKey, int>();
        var isBlind = reach.IsBlind;
        var now = clock.GetTimestamp();
        for (var i = 0; i < keys.Count; i++)
        {
            var kept = shelf.Find(keys[i]);
            var isRight = kept is not null && kept.Until > now && (has || kept.Covers(atLeast!.Value));
            // Nobody who names no position waits for a database that is away.
            if (isRight || (isBlind && atLeast is null && kept is not null && kept.Ends > now))
                found[i] = new(kept, isBlind);
            else
                missing.Add(keys[i], i);
        }
        CacheMeter.Hit(keys.Count - missing.Count);
        if (missing.Count == 0)
            return found;
        CacheMeter.Miss(missing.Count);
        try
        {
            var any = missing.Count < keys.Count || missing.Keys.Any(key => Falls(key, now));
            var asked = new Asked(atLeast, has, isBlind && any);
            var landed = await Land([.. missing.Keys], asked, load, stop);
            foreach (var (key, landing) in landed)
                found[missing[key]] = new(landing.Entry, false, landing.Otherwise);
        }
        catch (Exception away) when (!stop.IsCancellationRequested && Faults.IsAway(away))
        {
            if (!TakeStale(found, missing))
                throw;
        }
        return found;
    }

    /// <summary>Whether memory holds something to fall back on.</summary>
    bool Falls(BodyKey key, long now) => shelf.Find(key) is { } kept && kept.Ends > now;

    /// <summary>What memory still holds of them, also what should have been read anew, but nothing past its publication.</summary>
    bool TakeStale(Found[] found, Dictionary<BodyKey, int> missing)
    {
        var now = clock.GetTimestamp();
        foreach (var (key, i) in missing)
            if (shelf.Find(key) is { } kept && kept.Ends > now)
                found[i] = new(kept, IsStale: true);
        var any = Array.Exists(found, one => one.Entry is not null);
        for (var i = 0; any && i < found.Length; i++)
            found[i] = found[i] with { IsStale = true };
        return any;
    }

    async Task<Dictionary<BodyKey, Landing>> Land(
        List<BodyKey> keys,
        Asked asked,
        LoadBodies load,
        CancellationToken stop
    )
    {
        var landed = new Dictionary<BodyKey, Landing>();
        while (keys.Count > 0)
        {
            var flight = flights.Board(keys);
            keys = [];
            if (flight.Own.Count > 0)
                foreach (var (key, landing) in await Fly(flight, asked, load).WaitAsync(stop))
                    landed[key] = landing;
            foreach (var (key, other) in flight.Others)
            {
                var landing = await other.WaitAsync(stop);
                // It may have begun before what this reader has seen; the next one begins after it came.
                if (asked.AtLeast is not { } position || landing.Covers(position))
                    landed[key] = landing;
                else if (asked.IsApplied && shelf.Find(key) is { } kept && kept.Until > clock.GetTimestamp())
                    landed[key] = new(kept, null, kept.Head);
                else
                    keys.Add(key);
            }
        }
        return landed;
    }

    async Task<Dictionary<BodyKey, Landing>> Fly(Boarding flight, Asked asked, LoadBodies load)
    {
        try
        {
            var landed = await Load(flight.Own, asked, load);
            flights.Land(flight, landed);
            return landed;
        }
        catch (Exception fault)
        {
            flights.Crash(flight, fault);
            throw;
        }
    }

    /// <summary>From the second level where it has it, else from the database, in one go.</summary>
    async Task<Dictionary<BodyKey, Landing>> Load(List<BodyKey> keys, Asked asked, LoadBodies load)
    {
        using var limit = new CancellationTokenSource(asked.IsShort ? BlindLimit : LoadLimit, TimeProvider.System);
        var landed = new Dictionary<BodyKey, Landing>();
        var tickets = second is not null && asked.IsApplied ? await second.Find(keys, limit.Token) : null;
        var missing = keys;
        if (tickets is not null)
        {
            foreach (var other in tickets.Found)
                if (shelf.Keep(other, tickets.Asked))
                    landed[other.Key] = new(other, null, other.Head);
            missing = keys.FindAll(key => !landed.ContainsKey(key));
        }
        if (missing.Count == 0)
            return landed;
        var begun = clock.GetTimestamp();
        var loaded = await load(missing, limit.Token).WaitAsync(limit.Token).OrAway(limit.Token);
        CacheMeter.Loaded(clock.GetElapsedTime(begun));
        foreach (var key in missing)
        {
            if (!loaded.Bodies.TryGetValue(key, out var body))
            {
                landed[key] = new(null, loaded.Otherwise, loaded.Head);
                continue;
            }
            var entry = new Kept(key, body, loaded.Head, clock, begun);
            if (shelf.Keep(entry, begun))
                second?.Offer(tickets, entry);
            landed[key] = new(entry, null, loaded.Head);
        }
        return landed;
    }
}

/// <summary>What a reader asks for.</summary>
/// <param name="IsApplied">The position is applied here, or none is asked for; else only the primary knows.</param>
/// <param name="IsShort">There is something to fall back on, and the database is probably away.</param>
sealed record Asked(Position? AtLeast, bool IsApplied, bool IsShort);

static class Late
{
    /// <summary>A database that does not answer in time is away, which is no cancellation.</summary>
    public static async Task<T> OrAway<T>(this Task<T> work, CancellationToken limit)
    {
        try
        {
            return await work;
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException("The database did not answer in time.", late);
        }
    }
}
