using System.Text.Json;
using System.Xml;

namespace Kontor.Imports.Extracting;

/// <summary>A file cannot be read beyond this place. Caught once, where rows are handed out.</summary>
sealed class FeedBrokenException(string code, long line, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code => code;
    public long Line => line;

    /// <summary>Null for what is no fault of the file.</summary>
    public static FeedBroken? Of(Exception thrown, int file, string name, long line) =>
        thrown switch
        {
            FeedBrokenException told => new(file, name, told.Line > 0 ? told.Line : line, told.Code, told.Message),
            XmlException xml => new(
                file,
                name,
                xml.LineNumber > 0 ? xml.LineNumber : line,
                "FILE_MALFORMED",
                xml.Message.Contains("DTD", StringComparison.Ordinal)
                    ? "The XML has a document type declaration, which is not read: entities can be bombs."
                    : $"The XML is broken: {xml.Message}"
            ),
            JsonException json => new(file, name, line, "FILE_MALFORMED", $"The JSON is broken: {json.Message}"),
            InvalidDataException damaged => new(file, name, line, "ARCHIVE_DAMAGED", Sentence(damaged.Message)),
            _ => null,
        };

    static string Sentence(string reason) => $"The compressed file is damaged or cut off: {reason}";
}
