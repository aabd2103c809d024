namespace Kontor.Search.Segments;

/// <summary>What changes in place: the variants' prices and availability. One writer, many readers without a lock.</summary>
/// <remarks>
/// Each product has a stamp, odd while it is written. A reader takes what it needs of a product between two looks at the
/// stamp, and again where they differ or are odd: it sees all of a change or nothing of it. Every value is written by release
/// and read by acquire, so that neither processor nor compiler moves one past a look. A reader waits only while the writer
/// stands between two stores of that very product.
/// </remarks>
sealed class Moving(int products, int rows)
{
    const int PageBits = 10;
    const int PageSize = 1 << PageBits;

    /// <summary>Kept where a variant has no price in a book; amounts are 0 or more.</summary>
    public const long NoPrice = -1;

    readonly int[] stamps = new int[products];
    readonly byte[] availability = new byte[rows];

    /// <summary>By book, then by page of rows. A book with few prices has few pages.</summary>
    long[]?[]?[] books = [];

    public long Bytes =>
        (4L * stamps.Length)
        + availability.Length
        + books.Sum(pages => pages is null ? 0 : (8L * pages.Length) + pages.Sum(page => 8L * (page?.Length ?? 0)));

    public int BookCount => Volatile.Read(ref books).Length;

    public Availability AvailabilityOf(int row) => (Availability)Volatile.Read(ref availability[row]);

    public long PriceOf(int book, int row)
    {
        var all = Volatile.Read(ref books);
        if (book >= all.Length || Volatile.Read(ref all[book]) is not { } pages)
            return NoPrice;
        return Volatile.Read(ref pages[row >> PageBits]) is { } page
            ? Volatile.Read(ref page[row & (PageSize - 1)])
            : NoPrice;
    }

    /// <summary>Waits until nobody writes the product, and gives its stamp.</summary>
    public int Begin(int product)
    {
        var stamp = Volatile.Read(ref stamps[product]);
        if ((stamp & 1) == 0)
            return stamp;
        var wait = new SpinWait();
        while (((stamp = Volatile.Read(ref stamps[product])) & 1) != 0)
            wait.SpinOnce();
        return stamp;
    }

    /// <summary>Whether what was read since then is of one moment.</summary>
    public bool Holds(int product, int stamp) => Volatile.Read(ref stamps[product]) == stamp;

    /// <summary>The writer only: what <paramref name="write"/> changes is seen together.</summary>
    public void Write(int product, Action<Moving> write)
    {
        var stamp = stamps[product];
        Volatile.Write(ref stamps[product], unchecked(stamp + 1));
        try
        {
            write(this);
        }
        finally
        {
            Volatile.Write(ref stamps[product], unchecked(stamp + 2));
        }
    }

    /// <summary>What an amount is kept as; refuses what no price is before anything is written.</summary>
    public static long Kept(long? amount) =>
        amount is < 0
            ? throw new ArgumentOutOfRangeException(nameof(amount), "A price is 0 or more.")
            : amount ?? NoPrice;

    public void Set(int row, Availability now) => Volatile.Write(ref availability[row], (byte)now);

    public void Set(int book, int row, long amount)
    {
        if (PageFor(book, row, amount) is { } page)
            Volatile.Write(ref page[row & (PageSize - 1)], amount);
    }

    /// <summary>The page of a row; made where it is missing, unless there is nothing to put on it.</summary>
    long[]? PageFor(int book, int row, long amount)
    {
        if (book >= books.Length || books[book] is null)
        {
            if (amount == NoPrice)
                return null;
            var wider = new long[]?[]?[Math.Max(books.Length, book + 1)];
            books.CopyTo(wider, 0);
            wider[book] = new long[]?[(availability.Length >> PageBits) + 1];
            Volatile.Write(ref books, wider);
        }
        ref var page = ref books[book]![row >> PageBits];
        if (page is null && amount != NoPrice)
        {
            // The last page, and the only one of a small segment, has no room to spare.
            var empty = new long[Math.Min(PageSize, availability.Length - (row & ~(PageSize - 1)))];
            Array.Fill(empty, NoPrice);
            Volatile.Write(ref page, empty);
        }
        return page;
    }
}
