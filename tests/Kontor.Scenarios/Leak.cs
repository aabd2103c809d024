using System.Text;

namespace Kontor.Scenarios;

/// <summary>Looks for a word in files, in every shape in which a program might have written it.</summary>
static class Leak
{
    /// <summary>The word as UTF-8, as UTF-16, as hexadecimal digits (a dump's bytes) and as base64 at each of its offsets.</summary>
    public static IEnumerable<(string Shape, byte[] Bytes)> ShapesOf(string word)
    {
        var utf8 = Encoding.UTF8.GetBytes(word);
        yield return ("UTF-8", utf8);
        yield return ("UTF-16", Encoding.Unicode.GetBytes(word));
        yield return ("UTF-16, big-endian", Encoding.BigEndianUnicode.GetBytes(word));
        yield return ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        yield return ("HEXADECIMAL", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        for (var offset = 0; offset < 3; offset++)
        {
            // What stands before and behind the word shares its first and last digits; the middle is the word's alone.
            var digits = Convert.ToBase64String([.. new byte[offset], .. utf8]);
            var first = offset == 0 ? 0 : offset + 1;
            var own = (offset + utf8.Length) * 8 / 6;
            yield return ($"base64 at {offset}", Encoding.ASCII.GetBytes(digits[first..own]));
        }
    }

    /// <summary>Where one of the words stands: file, word and shape.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> files, params string[] words)
    {
        var shapes = words
            .SelectMany(word => ShapesOf(word).Select(shape => (word, shape.Shape, shape.Bytes)))
            .ToList();
        List<string> found = [];
        foreach (var file in files)
        {
            var text = Read(file);
            found.AddRange(
                from shape in shapes
                where text.AsSpan().IndexOf(shape.Bytes) >= 0
                select $"{file}: {shape.word} as {shape.Shape}"
            );
        }
        return found;
    }

    /// <summary>A running server takes files away under the reader's hands.</summary>
    static byte[] Read(string file)
    {
        try
        {
            using var stream = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
