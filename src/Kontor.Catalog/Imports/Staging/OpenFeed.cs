using Kontor.Catalog.Imports.Runs;
using Kontor.Imports;
using Kontor.Kernel;

namespace Kontor.Catalog.Imports.Staging;

/// <summary>A feed about to be read.</summary>
/// <param name="Rows">What its rows say, read as they are asked for. A row that breaks off the reading is the last one,
/// with a fault.</param>
public sealed record OpenedFeed(ImportTerms Terms, IAsyncEnumerable<MappedRow> Rows);

/// <summary>Understands a mapping and opens the files that it speaks of.</summary>
/// <param name="mapping">The mapping's text.</param>
/// <param name="files">Name and path of each file, in their order; none where only the mapping is to be understood.</param>
public delegate Result<OpenedFeed> OpenFeed(string mapping, IReadOnlyList<(string Name, string Path)> files);
