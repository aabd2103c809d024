using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontor.Shape.Contracts;

/// <summary>A file under contracts/: what the program says now, held to what the file says.</summary>
/// <remarks><c>KONTOR_WRITE_CONTRACTS=1 ./test Contracts</c> writes the files anew. <c>KONTOR_RELEASE_CONTRACTS=1</c> moves
/// the baseline under contracts/released/.</remarks>
static class Contract
{
    static readonly string[] Sorted = ["paths", "schemas", "responses", "securitySchemes", "extensions"];

    static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static bool IsWriting => Environment.GetEnvironmentVariable("KONTOR_WRITE_CONTRACTS") == "1";

    public static bool IsReleasing => Environment.GetEnvironmentVariable("KONTOR_RELEASE_CONTRACTS") == "1";

    /// <summary>The names of the files that stand under a folder of contracts/.</summary>
    public static IReadOnlyList<string> Standing(string folder) =>
        Directory.Exists(PathOf(folder))
            ?
            [
                .. Directory
                    .GetFiles(PathOf(folder))
                    .Select(file => Path.GetFileName(file)!)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    public static string? Read(string path) => File.Exists(PathOf(path)) ? File.ReadAllText(PathOf(path)) : null;

    public static JsonNode? ReadJson(string path) => Read(path) is { } text ? JsonNode.Parse(text) : null;

    /// <summary>Writes the file where that is asked for; then holds it to the text.</summary>
    public static void Hold(string path, string text)
    {
        if (IsWriting)
            Write(path, text);
        Assert.True(
            Read(path) == text,
            $"contracts/{path} is not what the program says; {FirstDifference(Read(path), text)}\n"
                + "If that is meant: KONTOR_WRITE_CONTRACTS=1 ./test Contracts, and look at what git diff shows."
        );
    }

    public static void Hold(string path, JsonNode document) => Hold(path, Pretty(document));

    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    public static void Delete(string path) => File.Delete(PathOf(path));

    /// <summary>Indented, and in an order that does not depend on which service was mapped first.</summary>
    public static string Pretty(JsonNode document) => Ordered(document, "")!.ToJsonString(Format) + "\n";

    static JsonNode? Ordered(JsonNode? node, string name) =>
        node switch
        {
            JsonObject members => new JsonObject(
                (
                    Sorted.Contains(name, StringComparer.Ordinal) || name.StartsWith('/')
                        ? members.OrderBy(member => member.Key, StringComparer.Ordinal)
                        : members.AsEnumerable()
                ).Select(member => KeyValuePair.Create(member.Key, Ordered(member.Value, member.Key)))
            ),
            JsonArray items => new JsonArray([.. items.Select(item => Ordered(item, ""))]),
            _ => node?.DeepClone(),
        };

    static string FirstDifference(string? standing, string text)
    {
        if (standing is null)
            return "it does not exist.";
        var (old, now) = (standing.Split('\n'), text.Split('\n'));
        var line = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1} has\n  {old.ElementAtOrDefault(line)}\nand should have\n  {now.ElementAtOrDefault(line)}";
    }

    static string PathOf(string path) => Path.Combine(Repository.Root, "contracts", path);
}
