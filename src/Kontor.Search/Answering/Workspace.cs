using System.Collections.Concurrent;
using Kontor.Search.Segments;

namespace Kontor.Search.Answering;

/// <summary>Arrays that queries use again, by word of the dictionary and by variant of the product that is looked at.</summary>
/// <remarks>Between queries all counts, filters and masks are zero: whoever sets one takes it back.</remarks>
sealed class Workspace
{
    readonly List<int> satisfying = [];
    int looked;

    /// <summary>By word: products that have it.</summary>
    public int[] Counts { get; private set; } = [];

    /// <summary>By word: the product that it was counted for last.</summary>
    public int[] Last { get; private set; } = [];

    /// <summary>By word: the filters that it satisfies.</summary>
    public uint[] Satisfies { get; private set; } = [];

    /// <summary>By block of words: all ones where it is counted, else zero, so that what is not counted is counted for word 0
    /// and nothing has to be asked.</summary>
    public sbyte[] Masks { get; private set; } = [];

    /// <summary>By variant: the filters that it fails.</summary>
    public uint[] Fails { get; private set; } = new uint[64];

    public long[] Prices { get; private set; } = new long[64];

    public byte[] Availabilities { get; private set; } = new byte[64];

    /// <summary>Products that wait to be looked at, with what words gave them.</summary>
    public (int Product, long Score)[] Waiting { get; } = new (int, long)[Ahead];

    /// <summary>For each of them where to look next.</summary>
    public int[] Places { get; } = new int[Ahead];

    public long[] Heads { get; } = new long[Ahead];

    /// <summary>The price books of the query.</summary>
    public BookColumns Books { get; } = new();

    /// <summary>So many are fetched at once.</summary>
    public const int Ahead = 64;

    public void Begin(int blocks)
    {
        var words = blocks * WordBook.BlockSize;
        if (Counts.Length >= words)
            return;
        var room = blocks + (blocks >> 2);
        Masks = new sbyte[room];
        words = room * WordBook.BlockSize;
        (Counts, Last, Satisfies, looked) = (new int[words], new int[words], new uint[words], 0);
    }

    public void End()
    {
        foreach (var word in satisfying)
            Satisfies[word] = 0;
        satisfying.Clear();
        if (Counts.Length > 0)
            Counts[0] = 0;
    }

    /// <summary>A number that no other product has had, of whatever query.</summary>
    public int Look()
    {
        if (looked == int.MaxValue)
        {
            Array.Clear(Last);
            looked = 0;
        }
        return ++looked;
    }

    /// <summary>Room for so many variants.</summary>
    public void Fit(int variants)
    {
        if (variants <= Fails.Length)
            return;
        var room = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)variants);
        (Fails, Prices, Availabilities) = (new uint[room], new long[room], new byte[room]);
    }

    public void Satisfy(int word, uint filters)
    {
        Satisfies[word] |= filters;
        satisfying.Add(word);
    }

    /// <summary>Counts the words of these blocks.</summary>
    public void Count(ReadOnlySpan<int> blocks)
    {
        foreach (var block in blocks)
            // A word that came after this query began is in no segment that it looks at.
            if (block < Masks.Length)
                Masks[block] = -1;
    }

    /// <summary>Gives what was counted for the words of these blocks, and forgets it.</summary>
    public void Take(ReadOnlySpan<int> blocks, List<(int Count, int Word)> into)
    {
        foreach (var block in blocks)
        {
            if (block >= Masks.Length || Masks[block] == 0)
                continue;
            Masks[block] = 0;
            var first = block << WordBook.BlockBits;
            var counts = Counts.AsSpan(first, WordBook.BlockSize);
            if (!counts.ContainsAnyExcept(0))
                continue;
            for (var i = 0; i < counts.Length; i++)
                if (counts[i] != 0)
                    into.Add((counts[i], first + i));
            counts.Clear();
        }
    }
}

/// <summary>Workspaces that wait for a query: as many as there were queries at once.</summary>
sealed class WorkspacePool
{
    readonly ConcurrentBag<Workspace> free = [];

    public Workspace Take() => free.TryTake(out var workspace) ? workspace : new();

    /// <summary>For one whose query ended well: another may have left something behind.</summary>
    public void Return(Workspace workspace) => free.Add(workspace);
}
