using Kontor.Catalog.Imports.Runs;
using Kontor.Imports;
using Kontor.Imports.Mapping;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>A feed about to be read.</summary>
/// <param name="Rows">What its rows say, read as they are asked for.</param>
/// <param name="Told">What there is to say of its files as a whole, by now; all of it once the rows have ended.</param>
public sealed record OpenedFeed(ImportTerms Terms, IAsyncEnumerable<MappedRow> Rows, Func<FeedTold> Told);

/// <summary>What there is to say of the files of a feed as a whole.</summary>
/// <param name="Skipped">Rows that the mapping has no product for.</param>
/// <param name="Broken">Files that could not be read to their end.</param>
public sealed record FeedTold(long Skipped, IReadOnlyList<FeedBroken> Broken, IReadOnlyList<FeedNotice> Notices)
{
    public static readonly FeedTold Nothing = new(0, [], []);
}

/// <summary>Understands a mapping and opens the files that it speaks of.</summary>
/// <param name="mapping">The mapping's text.</param>
/// <param name="files">Name and path of each file, in their order; none where only the mapping is to be understood.</param>
/// <param name="forms">What the product types say of attributes.</param>
public delegate Result<OpenedFeed> OpenFeed(
    string mapping,
    IReadOnlyList<(string Name, string Path)> files,
    IAttributeForms forms
);
