using System.Runtime.CompilerServices;

namespace Kontor.Catalog.Tests.Imports;

/// <summary>The repository's own files to import.</summary>
static class Samples
{
    public static string Folder { get; } = Path.Combine(Root(), "samples", "imports");

    static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(here, "..", "..", "..", ".."));
}
