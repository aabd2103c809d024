using System.IO.Compression;
using System.Text;

namespace Kontor.Catalog.Tests.RealGoods;

/// <summary>Real goods lie outside the repository, in the folder that KONTOR_DATA names.</summary>
static class RealFiles
{
    public static Stream Open(string file)
    {
        var folder = Environment.GetEnvironmentVariable("KONTOR_DATA");
        Assert.SkipUnless(
            folder is not null && File.Exists(Path.Combine(folder, file)),
            $"The file {file} is not there; KONTOR_DATA names the folder of real goods."
        );
        return new GZipStream(File.OpenRead(Path.Combine(folder, file)), CompressionMode.Decompress);
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
