using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kontor.Platform.Http;

/// <summary>The sentences above our types and their members, from the XML files beside the assemblies, so that internal
/// requests and views are described too. Where a file is missing, nothing is said.</summary>
static partial class WrittenDocs
{
    static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    public static string? Of(Type type) => Text(Find(type, "T:" + NameOf(type))?.Element("summary"));

    /// <summary>What is said of a member: above itself, or as a parameter of its record.</summary>
    public static string? Of(Type type, string member) =>
        Text(Find(type, $"P:{NameOf(type)}.{member}")?.Element("summary"))
        ?? Text(
            Find(type, "T:" + NameOf(type))
                ?.Elements("param")
                .FirstOrDefault(p => (string?)p.Attribute("name") == member)
        );

    static XElement? Find(Type type, string name) => Files.GetOrAdd(type.Assembly, Load).GetValueOrDefault(name);

    static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    static IReadOnlyDictionary<string, XElement> Load(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        if (
            assembly.GetName().Name?.StartsWith("Kontor.", StringComparison.Ordinal) != true
            || path.Length == 0
            || !File.Exists(path)
        )
            return new Dictionary<string, XElement>(StringComparer.Ordinal);
        return XDocument
            .Load(path)
            .Descendants("member")
            .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal);
    }

    static string? Text(XElement? written)
    {
        if (written is null)
            return null;
        var text = string.Concat(written.Nodes().Select(Plain));
        return Blanks.Replace(text, " ").Trim() is { Length: > 0 } said ? said : null;
    }

    static string Plain(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" or "seealso" } link => (
                (string?)link.Attribute("cref") ?? link.Value
            ).Split('.', ':')[^1],
            XElement { Name.LocalName: "paramref" or "typeparamref" } named => (string?)named.Attribute("name") ?? "",
            XElement other => string.Concat(other.Nodes().Select(Plain)),
            _ => "",
        };

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks { get; }
}
