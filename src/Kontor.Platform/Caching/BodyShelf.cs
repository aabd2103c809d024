using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Kontor.Journal;

namespace Kontor.Platform.Caching;

/// <summary>Bodies in memory, as many as fit, and the law by which one may be put there.</summary>
/// <remarks>
/// A slow load could bring a body from before a change after that change was evicted. So every eviction leaves a mark of
/// its tag with the event's sequence, and a body is stored only if no mark of its tags is newer than the journal head that
/// was read with it. Marks are forgotten after 60 s; the floor remembers up to which sequence some may be missing, and
/// what was read before the floor is not stored either, so that forgetting is never guessing.
/// Looking is free of locks; storing and evicting exclude each other.
/// </remarks>
/// <param name="mostBytes">Bodies with all that they cost; the least used go first.</param>
public sealed class BodyShelf(long mostBytes, TimeProvider clock)
{
    /// <summary>How long a mark is remembered at least, unless there are more than <see cref="MostMarks"/>.</summary>
    internal static readonly TimeSpan MarksLast = TimeSpan.FromSeconds(60);

    /// <summary>A load that took longer is not stored: what it brings is about yesterday.</summary>
    internal static readonly TimeSpan LoadsLast = TimeSpan.FromSeconds(5);

    internal const int MostMarks = 100_000;

    readonly ConcurrentDictionary<BodyKey, Kept> kept = new();
    readonly Lock gate = new();
    readonly Dictionary<string, object> tagged = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> marks = new(StringComparer.Ordinal);
    readonly Queue<(long At, string Tag, long Sequence)> marked = new();
    readonly Queue<Kept> hand = new();
    string incarnation = "";
    long floor;
    long bytes;

    /// <summary>Of bodies that are out and that the hand still holds.</summary>
    long dead;

    public int Count => kept.Count;

    public long Bytes => Volatile.Read(ref bytes);

    internal Kept? Find(in BodyKey key)
    {
        if (!kept.TryGetValue(key, out var found))
            return null;
        if (!found.WasUsed)
            found.WasUsed = true;
        return found;
    }

    /// <summary>Stores it, unless something that it shows was evicted since it was read.</summary>
    /// <returns>Whether it stands, and so is right up to all that was applied.</returns>
    internal bool Keep(Kept entry, long begun)
    {
        lock (gate)
        {
            if (
                entry.Weight > mostBytes / 4
                || entry.Key.IsLong
                || clock.GetElapsedTime(begun) > LoadsLast
                || IsOld(entry)
            )
                return false;
            if (entry.Until <= clock.GetTimestamp())
                return false;
            if (kept.TryGetValue(entry.Key, out var standing))
            {
                if (standing.AsOf > entry.AsOf)
                    return false;
                Remove(standing);
            }
            kept[entry.Key] = entry;
            bytes += entry.Weight;
            foreach (var tag in entry.Body.Tags)
                Tag(tag, entry);
            hand.Enqueue(entry);
            MakeRoom();
            return true;
        }
    }

    bool IsOld(Kept entry)
    {
        if (entry.Head.Incarnation != incarnation || entry.AsOf < floor || IsMarked(Eviction.Everything))
            return true;
        foreach (var tag in entry.Body.Tags)
            if (IsMarked(tag))
                return true;
        return false;

        bool IsMarked(string tag) => marks.TryGetValue(tag, out var sequence) && sequence > entry.AsOf;
    }

    /// <summary>Takes out what shows what changed, and remembers that it did. Whoever tells a reader that an event is applied
    /// does it after this.</summary>
    public void Evict(IReadOnlyList<Eviction> evictions)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            foreach (var (tag, sequence) in evictions)
            {
                ref var mark = ref CollectionsMarshal.GetValueRefOrAddDefault(marks, tag, out _);
                mark = Math.Max(mark, sequence);
                marked.Enqueue((now, tag, sequence));
                if (tag == Eviction.Everything)
                    foreach (var entry in kept.Values)
                        RemoveOlder(entry, sequence);
                else if (tagged.TryGetValue(tag, out var entries))
                    foreach (var entry in entries is Kept one ? [one] : ((HashSet<Kept>)entries).ToArray())
                        RemoveOlder(entry, sequence);
            }
            Forget(now);
        }
    }

    /// <summary>Begins anew at a head: what is here was read under another, and nobody knows what happened between.</summary>
    public void Begin(JournalHead head)
    {
        lock (gate)
        {
            kept.Clear();
            tagged.Clear();
            marks.Clear();
            marked.Clear();
            hand.Clear();
            (bytes, dead) = (0, 0);
            (incarnation, floor) = (head.Incarnation, head.Sequence);
        }
    }

    void RemoveOlder(Kept entry, long sequence)
    {
        if (entry.AsOf < sequence)
            Remove(entry);
    }

    void Forget(long now)
    {
        while (
            marked.TryPeek(out var oldest)
            && (marked.Count > MostMarks || clock.GetElapsedTime(oldest.At, now) > MarksLast)
        )
        {
            marked.Dequeue();
            floor = Math.Max(floor, oldest.Sequence);
            if (marks.TryGetValue(oldest.Tag, out var sequence) && sequence == oldest.Sequence)
                marks.Remove(oldest.Tag);
        }
    }

    /// <summary>The hand of the clock: who was asked for since it passed stays for another round.</summary>
    void MakeRoom()
    {
        while (
            hand.TryPeek(out var next)
            && (bytes > mostBytes || dead > mostBytes / 4 || hand.Count > 2 * kept.Count + 1_000)
        )
        {
            hand.Dequeue();
            if (!IsHere(next))
            {
                dead -= next.Weight;
                continue;
            }
            if (next.WasUsed || bytes <= mostBytes)
            {
                next.WasUsed = false;
                hand.Enqueue(next);
            }
            else
            {
                Remove(next);
                dead -= next.Weight;
            }
        }
    }

    bool IsHere(Kept entry) => kept.TryGetValue(entry.Key, out var standing) && ReferenceEquals(standing, entry);

    void Remove(Kept entry)
    {
        if (!IsHere(entry))
            return;
        kept.TryRemove(entry.Key, out _);
        bytes -= entry.Weight;
        dead += entry.Weight;
        foreach (var tag in entry.Body.Tags)
            if (tagged.TryGetValue(tag, out var entries))
                if (ReferenceEquals(entries, entry))
                    tagged.Remove(tag);
                else if (entries is HashSet<Kept> several && several.Remove(entry) && several.Count == 0)
                    tagged.Remove(tag);
    }

    /// <summary>Most tags have one body: a set for each would weigh more than the body.</summary>
    void Tag(string tag, Kept entry)
    {
        ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(tagged, tag, out _);
        switch (entries)
        {
            case null:
                entries = entry;
                break;
            case HashSet<Kept> several:
                several.Add(entry);
                break;
            case Kept one when !ReferenceEquals(one, entry):
                entries = new HashSet<Kept> { one, entry };
                break;
        }
    }
}
