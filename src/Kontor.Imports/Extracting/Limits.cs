namespace Kontor.Imports.Extracting;

/// <summary>Bounds of a feed, whoever sends it. What is beyond them is refused, never held in memory.</summary>
static class Limits
{
    /// <summary>Bytes (UTF-8) of a row of delimited text or of a line of JSON.</summary>
    public const int RowBytes = 1024 * 1024;

    /// <summary>Bytes of one element of a JSON array, and characters of one element of XML.</summary>
    public const int ElementBytes = 4 * 1024 * 1024;

    public const int Columns = 4_096;

    /// <summary>Members, elements and values of one nested row.</summary>
    public const int Nodes = 100_000;

    public const int Depth = 32;

    /// <summary>What an archive may unpack to.</summary>
    public const long UnpackedBytes = 64L * 1024 * 1024 * 1024;

    /// <summary>How much larger than what was read the unpacked may be, once it is larger than <see cref="RatioFrom"/>.
    /// Deflate reaches 1,032; dirty real feeds, full of empty cells, about 60.</summary>
    public const int Ratio = 250;

    public const long RatioFrom = 32L * 1024 * 1024;

    /// <summary>A workbook is not read from front to back: its parts are small enough to unpack again.</summary>
    public const long WorkbookBytes = 1024L * 1024 * 1024;

    public const int ArchiveEntries = 1_000;

    /// <summary>Quotes that are never closed: looking for the end of each costs up to a row's bytes.</summary>
    public const int OpenQuotes = 100;

    /// <summary>What is looked at to find out form, dialect and encoding.</summary>
    public const int SampleBytes = 256 * 1024;
}
