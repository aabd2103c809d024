using System.IO.Compression;
using System.Text;

namespace Kontor.Catalog.Tests.RealGoods;

/// <summary>Real goods lie outside the repository, in the folder that KONTOR_DATA names.</summary>
static class RealFiles
{
    public static Stream Open(string file) => new GZipStream(File.OpenRead(Path(file)), CompressionMode.Decompress);

    /// <summary>Skips the test where the file is not there: it is another's, and not ours to hand on.</summary>
    public static string Path(string file)
    {
        var folder = Environment.GetEnvironmentVariable("KONTOR_DATA");
        var path = System.IO.Path.Combine(folder ?? "", file);
        Assert.SkipUnless(
            folder is not null && File.Exists(path),
            $"{file} is another's data and not shipped; KONTOR_DATA names a folder that has it."
        );
        return path;
    }

    /// <summary>As icecat flattens the names of its features: words of letters and digits.</summary>
    public static string Flat(string name)
    {
        var flat = new StringBuilder(name.Length);
        foreach (var letter in name)
            if (char.IsAsciiLetterOrDigit(letter))
                flat.Append(char.ToLowerInvariant(letter));
            else if (flat.Length > 0 && flat[^1] != '_')
                flat.Append('_');
        return flat.ToString().TrimEnd('_');
    }
}
