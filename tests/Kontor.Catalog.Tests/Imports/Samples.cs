using System.Runtime.CompilerServices;
using Kontor.Catalog.Imports;
using Kontor.Kernel;

namespace Kontor.Catalog.Tests.Imports;

/// <summary>The repository's own files to import, and others.</summary>
static class Samples
{
    public static string Folder { get; } = Path.Combine(Root(), "samples", "imports");

    public static ImportMap Map(string json) => ImportMap.Read(json).Value;

    public static ImportMap MapOf(string file) => Map(File.ReadAllText(Path.Combine(Folder, file)));

    public static async Task<ImportReport> Import(Shop shop, string file, string map)
    {
        var import = new ImportFile(shop.Database, TimeProvider.System);
        return (await import.Run(Path.Combine(Folder, file), FeedFormat.Csv, MapOf(map), null, default)).Value;
    }

    public static async Task<Result<ImportReport>> Run(Shop shop, byte[] file, FeedFormat format, ImportMap map)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, file);
            return await new ImportFile(shop.Database, TimeProvider.System).Run(path, format, map, null, default);
        }
        finally
        {
            File.Delete(path);
        }
    }

    static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(here, "..", "..", "..", ".."));
}
