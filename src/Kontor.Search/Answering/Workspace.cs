using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Kontor.Search.Answering;

/// <summary>What a query knows of a word of the dictionary.</summary>
struct Slot
{
    /// <summary>Of which query it is; of another: as if it were empty.</summary>
    public int Query;

    /// <summary>Products that have the word.</summary>
    public int Count;

    /// <summary>The product that was counted last: each counts once.</summary>
    public int Last;

    /// <summary>The filters that the word satisfies.</summary>
    public uint Satisfies;
}

/// <summary>Arrays that queries use again. Nothing is cleared between queries: what is of another query is empty.</summary>
sealed class Workspace
{
    Slot[] slots = [];
    int query;

    public List<int> Counted { get; } = [];

    /// <summary>By variant of the product that is looked at: the filters that it fails.</summary>
    public uint[] Fails { get; private set; } = new uint[64];

    public long[] Prices { get; private set; } = new long[64];

    public Availability[] Availabilities { get; private set; } = new Availability[64];

    public void Begin(int words)
    {
        if (slots.Length < words)
            slots = new Slot[words + (words >> 2)];
        if (query == int.MaxValue)
        {
            Array.Clear(slots);
            query = 0;
        }
        query++;
        Counted.Clear();
    }

    /// <summary>Room for so many variants.</summary>
    public void Fit(int variants)
    {
        if (variants <= Fails.Length)
            return;
        var room = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)variants);
        (Fails, Prices, Availabilities) = (new uint[room], new long[room], new Availability[room]);
    }

    public void Satisfies(int word, uint filters)
    {
        ref var slot = ref slots[word];
        if (slot.Query != query)
            slot = new() { Query = query };
        slot.Satisfies |= filters;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint SatisfiedBy(int word)
    {
        ref var slot = ref slots[word];
        return slot.Query == query ? slot.Satisfies : 0;
    }

    /// <param name="product">A number that no other product of this query has, from 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(int word, int product)
    {
        ref var slot = ref slots[word];
        if (slot.Query != query)
            slot = new() { Query = query };
        if (slot.Last == product)
            return;
        slot.Last = product;
        if (slot.Count++ == 0)
            Counted.Add(word);
    }

    public int CountOf(int word) => slots[word].Count;
}

/// <summary>Workspaces that wait for a query: as many as there were queries at once.</summary>
sealed class WorkspacePool
{
    readonly ConcurrentBag<Workspace> free = [];

    public Taken Take() => new(this, free.TryTake(out var workspace) ? workspace : new());

    public readonly struct Taken(WorkspacePool pool, Workspace workspace) : IDisposable
    {
        public Workspace Value => workspace;

        public void Dispose() => pool.free.Add(workspace);
    }
}
