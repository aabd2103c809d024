using System.Collections.Concurrent;

namespace Kontor.Search.Segments;

/// <summary>A number for each word of each field, the same in every segment, so that counting is adding up. Any thread.</summary>
/// <remarks>Numbers are given out in blocks, each of one field: the field of a word is that of its block, and what a query
/// counts for a field lies in few places. The first block is nobody's: what is not to be counted is counted there. Words that
/// no product has any more stay until the index is built anew.</remarks>
sealed class WordBook
{
    public const int BlockBits = 4;
    public const int BlockSize = 1 << BlockBits;
    const int PageBits = 12;

    readonly ConcurrentDictionary<(int Field, string Value), int> numbers = new();
    readonly Lock gate = new();
    readonly Dictionary<int, FieldWords> fields = [];
    string[][] pages = [new string[1 << PageBits]];
    ushort[] fieldOfBlock = new ushort[64];
    volatile int blocks = 1;

    /// <summary>The words of a field.</summary>
    sealed class FieldWords
    {
        public int[] Blocks { get; set; } = new int[1];

        public int Count { get; set; }

        /// <summary>The number that the next word gets; at the end of a block there is none.</summary>
        public int Next { get; set; }
    }

    /// <summary>How many blocks there are; numbers are below so many times <see cref="BlockSize"/>.</summary>
    public int Blocks => blocks;

    public int? Find(int field, string value) => numbers.TryGetValue((field, value), out var number) ? number : null;

    public int NumberOf(int field, string value)
    {
        if (numbers.TryGetValue((field, value), out var number))
            return number;
        lock (gate)
        {
            if (numbers.TryGetValue((field, value), out number))
                return number;
            number = Next(field);
            pages[number >> PageBits][number & ((1 << PageBits) - 1)] = value;
            numbers[(field, value)] = number;
            return number;
        }
    }

    public string this[int number] => Volatile.Read(ref pages)[number >> PageBits][number & ((1 << PageBits) - 1)];

    /// <summary>The fields of the blocks, of as many as there are now or more.</summary>
    public ushort[] FieldOfBlock => Volatile.Read(ref fieldOfBlock);

    public int FieldOf(int number) => FieldOfBlock[number >> BlockBits];

    /// <summary>The blocks of a field.</summary>
    public ReadOnlySpan<int> BlocksOf(int field)
    {
        lock (gate)
            // What stands in them stays, wherever the field grows to.
            return fields.TryGetValue(field, out var words) ? words.Blocks.AsSpan(0, words.Count) : default;
    }

    int Next(int field)
    {
        if (!fields.TryGetValue(field, out var words))
            fields[field] = words = new();
        if ((words.Next & (BlockSize - 1)) == 0)
            words.Next = Open(field, words) << BlockBits;
        return words.Next++;
    }

    int Open(int field, FieldWords words)
    {
        var block = blocks;
        if (block == fieldOfBlock.Length)
        {
            var wider = new ushort[2 * block];
            fieldOfBlock.CopyTo(wider, 0);
            Volatile.Write(ref fieldOfBlock, wider);
        }
        fieldOfBlock[block] = (ushort)field;
        if ((block << BlockBits) >> PageBits == pages.Length)
            Volatile.Write(ref pages, [.. pages, new string[1 << PageBits]]);
        if (words.Count == words.Blocks.Length)
        {
            var wider = new int[2 * words.Count];
            words.Blocks.CopyTo(wider, 0);
            words.Blocks = wider;
        }
        words.Blocks[words.Count++] = block;
        blocks = block + 1;
        return block;
    }
}
