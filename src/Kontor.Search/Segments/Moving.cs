using System.Runtime.InteropServices;

namespace Kontor.Search.Segments;

/// <summary>What changes in place: the variants' prices and availability. One writer, many readers without a lock.</summary>
/// <remarks>
/// All of a product lies together: which price books it has, its variants' availability, then the amounts, for each variant
/// one in each book. A product that gets a price in a book that it had none in moves to a new place.
/// Each product has a stamp, odd while it is written. A reader takes what it needs of a product between two looks at the
/// stamp, and again where they differ or are odd: it sees all of a change or nothing of it. Barriers keep processor and
/// compiler from moving what lies between past the looks. A reader waits only while the writer stands between two stores of
/// that very product.
/// </remarks>
sealed class Moving(long[] heads, long[] cells)
{
    /// <summary>Kept where a variant has no price in a book; amounts are 0 or more.</summary>
    public const long NoPrice = -1;

    const int StampBits = 32;
    const long OddStamp = 1L << StampBits;

    /// <summary>Products that moved: places from the end of the cells on.</summary>
    long[] moved = [];
    int used;

    public long Bytes => 8L * (heads.Length + cells.Length + moved.Length);

    /// <summary>A value that is to be written: a price where there is a book, else the availability.</summary>
    public readonly record struct Value(int Variant, int? Book, long Amount);

    /// <summary>What an amount is kept as; refuses what no price is before anything is written.</summary>
    public static long Kept(long? amount) =>
        amount is < 0
            ? throw new ArgumentOutOfRangeException(nameof(amount), "A price is 0 or more.")
            : amount ?? NoPrice;

    /// <summary>Where a product is, stamp above: to look at many before the first is needed.</summary>
    public long HeadOf(int product) => Volatile.Read(ref heads[product]);

    /// <summary>Fetches a product to come; what is given back says nothing.</summary>
    public long Touch(long head) => PlaceOf(head) is var place && place < cells.Length ? cells[place] : 0;

    /// <summary>Prices and availability of a product's variants, all of one moment.</summary>
    public void Read(int product, int variants, BookColumns books, Span<long> prices, Span<byte> availabilities)
    {
        var wait = new SpinWait();
        while (true)
        {
            var head = Volatile.Read(ref heads[product]);
            if ((head & OddStamp) != 0)
            {
                wait.SpinOnce();
                continue;
            }
            Copy(At(PlaceOf(head)), variants, books, prices, availabilities);
            Volatile.ReadBarrier();
            if (Volatile.Read(ref heads[product]) == head)
                return;
        }
    }

    /// <summary>What stands at a place. What moved is looked for after the head was read: it is at least as new.</summary>
    Span<long> At(int place) =>
        place < cells.Length ? cells.AsSpan(place) : Volatile.Read(ref moved).AsSpan(place - cells.Length);

    static void Copy(
        ReadOnlySpan<long> record,
        int variants,
        BookColumns books,
        Span<long> prices,
        Span<byte> availabilities
    )
    {
        var columns = books.In(record);
        var stock = MovingRecord.StockAt(books.Width);
        for (var v = 0; v < variants; v++)
            availabilities[v] = unchecked((byte)(record[stock + (v >> 3)] >> (8 * (v & 7))));
        var amounts = record.Slice(MovingRecord.AmountsAt(books.Width, variants), books.Width * variants);
        for (var v = 0; v < variants; v++)
        {
            var price = NoPrice;
            foreach (var column in columns)
                if ((price = amounts[(v * books.Width) + column]) != NoPrice)
                    break;
            prices[v] = price;
        }
    }

    /// <summary>A product as it stands, for the writer.</summary>
    public ReadOnlySpan<long> RecordOf(int product, int variants)
    {
        var record = At(PlaceOf(heads[product]));
        return record[..MovingRecord.LengthOf(record, variants)];
    }

    /// <summary>The writer only: what is written is seen together.</summary>
    public void Write(int product, int variants, ReadOnlySpan<Value> values)
    {
        var head = heads[product];
        var record = At(PlaceOf(head))[..MovingRecord.LengthOf(At(PlaceOf(head)), variants)];
        if (MovingRecord.Wider(record, variants, values) is { } wider)
        {
            MovingRecord.Set(wider, variants, values);
            // Readers find it where it is whole: no stamp has to be odd.
            Volatile.Write(ref heads[product], Stamped(head, 2, Move(wider)));
            return;
        }
        Volatile.Write(ref heads[product], Stamped(head, 1, PlaceOf(head)));
        Volatile.WriteBarrier();
        MovingRecord.Set(record, variants, values);
        Volatile.Write(ref heads[product], Stamped(head, 2, PlaceOf(head)));
    }

    static int PlaceOf(long head) => unchecked((int)head);

    static long Stamped(long head, int steps, int place) =>
        unchecked(((head >> StampBits) + steps) << StampBits) | (uint)place;

    int Move(long[] record)
    {
        if (used + record.Length > moved.Length)
        {
            var longer = new long[Math.Max(2 * moved.Length, used + record.Length)];
            moved.AsSpan(0, used).CopyTo(longer);
            Volatile.Write(ref moved, longer);
        }
        record.CopyTo(moved, used);
        used += record.Length;
        return cells.Length + used - record.Length;
    }
}

/// <summary>How a product lies in <see cref="Moving"/>: 16 bits for how many books, as many for each book, filled to 64;
/// a byte of availability for each variant, filled likewise; the amounts.</summary>
static class MovingRecord
{
    public static int StockAt(int books) => (books + 4) >> 2;

    public static int AmountsAt(int books, int variants) => StockAt(books) + ((variants + 7) >> 3);

    public static int LengthOf(ReadOnlySpan<long> record, int variants)
    {
        var books = MemoryMarshal.Cast<long, ushort>(record)[0];
        return AmountsAt(books, variants) + (books * variants);
    }

    public static long[] Of(ReadOnlySpan<ushort> books, int variants)
    {
        var record = new long[AmountsAt(books.Length, variants) + (books.Length * variants)];
        var names = MemoryMarshal.Cast<long, ushort>(record.AsSpan());
        names[0] = (ushort)books.Length;
        books.CopyTo(names[1..]);
        record.AsSpan(AmountsAt(books.Length, variants)).Fill(Moving.NoPrice);
        return record;
    }

    /// <summary>The first 64 bits say all books of a product that has no more than these.</summary>
    public const int BooksOfHead = 3;

    public static ReadOnlySpan<ushort> BooksOf(ReadOnlySpan<long> record)
    {
        var names = MemoryMarshal.Cast<long, ushort>(record);
        return names.Slice(1, names[0]);
    }

    /// <summary>The same with room for books that it has not; null where it has all.</summary>
    public static long[]? Wider(ReadOnlySpan<long> record, int variants, ReadOnlySpan<Moving.Value> values)
    {
        List<ushort>? books = null;
        foreach (var value in values)
            if (value is { Book: { } book, Amount: not Moving.NoPrice } && !BooksOf(record).Contains((ushort)book))
                if (books?.Contains((ushort)book) != true)
                    (books ??= [.. BooksOf(record)]).Add((ushort)book);
        if (books is null)
            return null;
        var old = BooksOf(record).Length;
        var wider = Of(CollectionsMarshal.AsSpan(books), variants);
        record[StockAt(old)..AmountsAt(old, variants)].CopyTo(wider.AsSpan(StockAt(books.Count)));
        for (var v = 0; v < variants; v++)
            record
                .Slice(AmountsAt(old, variants) + (v * old), old)
                .CopyTo(wider.AsSpan(AmountsAt(books.Count, variants) + (v * books.Count)));
        return wider;
    }

    static void SetStock(ref long eight, int bits, long availability) =>
        eight = (eight & ~(0xFFL << bits)) | (availability << bits);

    public static void Set(Span<long> record, int variants, ReadOnlySpan<Moving.Value> values)
    {
        var books = BooksOf(record);
        foreach (var value in values)
            if (value.Book is not { } book)
                SetStock(
                    ref record[StockAt(books.Length) + (value.Variant >> 3)],
                    8 * (value.Variant & 7),
                    value.Amount
                );
            else if (books.IndexOf((ushort)book) is var column and >= 0)
                record[AmountsAt(books.Length, variants) + (value.Variant * books.Length) + column] = value.Amount;
    }
}

/// <summary>Where the price books of a query stand in a product's record. One product has mostly the books of the one before.</summary>
sealed class BookColumns
{
    ushort[] books = [];
    readonly int[] columns = new int[SearchQuery.MaxBooks];
    int found;
    long head;

    /// <summary>How many books the product has.</summary>
    public int Width { get; private set; }

    /// <param name="wanted">The first that has a variant counts.</param>
    public void Ask(ushort[] wanted) => (books, head, Width, found) = (wanted, 0, 0, 0);

    /// <summary>The places of the books that the product has, in their order.</summary>
    public ReadOnlySpan<int> In(ReadOnlySpan<long> record)
    {
        // A head of zero is of a product without a book, for which nothing has to be found.
        if (record[0] != head || Width > MovingRecord.BooksOfHead)
            Find(record);
        return columns.AsSpan(0, found);
    }

    void Find(ReadOnlySpan<long> record)
    {
        var names = MovingRecord.BooksOf(record);
        (head, Width, found) = (record[0], names.Length, 0);
        foreach (var book in books)
            if (names.IndexOf(book) is var column and >= 0)
                columns[found++] = column;
    }
}

/// <summary>Collects prices and availability, product after product.</summary>
sealed class MovingWriter
{
    readonly List<long> heads = [];
    readonly List<long> cells = [];
    readonly List<ushort> books = [];
    readonly List<Moving.Value> values = [];

    /// <summary>Room for all of these.</summary>
    public void Reserve(IReadOnlyList<SegmentView> views)
    {
        heads.EnsureCapacity(views.Sum(view => view.Live));
        cells.EnsureCapacity((int)(views.Sum(view => view.Segment.Moving.Bytes) / sizeof(long)));
    }

    public void Add(IReadOnlyList<SearchVariant> variants, Names names)
    {
        books.Clear();
        values.Clear();
        for (var v = 0; v < variants.Count; v++)
        {
            values.Add(new(v, null, (long)variants[v].Availability));
            foreach (var price in variants[v].Prices)
            {
                var book = names.NumberOf(price.Book);
                values.Add(new(v, book, Moving.Kept(price.Amount)));
                if (price.Amount is not null && !books.Contains((ushort)book))
                    books.Add((ushort)book);
            }
        }
        var record = MovingRecord.Of(CollectionsMarshal.AsSpan(books), variants.Count);
        MovingRecord.Set(record, variants.Count, CollectionsMarshal.AsSpan(values));
        Add(record);
    }

    public void Add(ReadOnlySpan<long> record)
    {
        heads.Add(cells.Count);
        cells.AddRange(record);
    }

    public Moving Write() => new([.. heads], [.. cells]);
}
