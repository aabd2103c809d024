using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

enum Kind
{
    Keyword,
    Long,
    Double,
    Text,
    Nested,
    Group,
}

sealed record Field(string Path, Kind Kind, string Nested, int IgnoreAbove = int.MaxValue, Analyser? Analyser = null);

/// <summary>The settings and mapping of an index, read strictly.</summary>
sealed class Mapping
{
    /// <summary>Those that the documentation lists, as far as they are for a language. Here all take words as they are.</summary>
    static readonly string[] BuiltInAnalysers =
    [
        .. "standard arabic armenian basque bengali brazilian bulgarian catalan cjk czech danish dutch english estonian".Split(
            ' '
        ),
        .. "finnish french galician german greek hindi hungarian indonesian irish italian latvian lithuanian".Split(
            ' '
        ),
        .. "norwegian persian portuguese romanian russian sorani spanish swedish thai turkish".Split(' '),
    ];
    readonly Dictionary<string, Field> fields = new(StringComparer.Ordinal);
    int mostFields;
    readonly Dictionary<string, Analyser> analysers = new(StringComparer.Ordinal);

    public Mapping(JsonElement body)
    {
        var all = new Members(body, "index");
        ReadSettings(new(all.Need("settings"), "settings"));
        var mappings = new Members(all.Need("mappings"), "mappings");
        if (mappings.Word("dynamic", "strict") is null)
            throw new NotInTheContractException("This interpreter knows strict mappings only.");
        ReadProperties(mappings.Need("properties"), "", "");
        mappings.Done();
        if (fields.Count > mostFields)
            throw new NotInTheContractException($"Limit of total fields [{mostFields}] has been exceeded");
        Aliases = all.Take("aliases") is { } aliases
            ? [.. aliases.EnumerateObject().Select(alias => Empty(alias.Value, alias.Name))]
            : [];
        all.Done();
    }

    public IReadOnlyList<string> Aliases { get; }

    public string? RefreshInterval { get; private set; }

    public Field? Find(string path) => fields.GetValueOrDefault(path);

    /// <summary>A field as it is asked for: of one of these kinds, in the scope of the question.</summary>
    public Field Need(string path, string scope, params Kind[] kinds)
    {
        // The engine finds nothing in a field that is not there or is of another scope; an adapter that asks so is wrong.
        if (!fields.TryGetValue(path, out var field))
            throw new NotInTheContractException($"There is no field [{path}].");
        if (field.Nested != scope)
            throw new NotInTheContractException($"[{path}] is asked for in [{scope}] and lies in [{field.Nested}].");
        if (!kinds.Contains(field.Kind))
            throw new NotInTheContractException(
                $"[{path}] is {field.Kind}, and {string.Join(" or ", kinds)} is asked for."
            );
        return field;
    }

    static string Empty(JsonElement value, string name)
    {
        new Members(value, name).Done();
        return name;
    }

    void ReadSettings(Members settings)
    {
        var index = new Members(settings.Need("index"), "settings.index");
        index.Whole("number_of_shards", 1, 1_024);
        index.Whole("number_of_replicas", 0, 100);
        RefreshInterval = index.Take("refresh_interval") is { } every ? Members.Text(every, "refresh_interval") : null;
        var limits = new Members(index.Need("mapping"), "settings.index.mapping");
        var nested = new Members(limits.Need("nested_objects"), "nested_objects");
        nested.Whole("limit", 1, int.MaxValue);
        nested.Done();
        var total = new Members(limits.Need("total_fields"), "total_fields");
        mostFields = total.Whole("limit", 1, int.MaxValue) ?? 1_000;
        total.Done();
        limits.Done();
        index.Done();
        var analysis = new Members(settings.Need("analysis"), "settings.analysis");
        var filters = analysis.Take("filter") is { } own
            ? own.EnumerateObject().ToDictionary(one => one.Name, one => Analyser.Filter(one.Name, one.Value))
            : [];
        foreach (var one in analysis.Need("analyzer").EnumerateObject())
            analysers[one.Name] = Analyser.Of(one.Name, one.Value, filters);
        foreach (var name in BuiltInAnalysers)
            analysers[name] = Analyser.Standard;
        analysis.Done();
        settings.Done();
    }

    void ReadProperties(JsonElement properties, string prefix, string nested)
    {
        foreach (var property in properties.EnumerateObject())
        {
            var path = prefix + property.Name;
            if (!Regex.IsMatch(property.Name, "^[A-Za-z0-9_-]+$", RegexOptions.None, Analyser.Patience))
                throw new NotInTheContractException($"[{path}] is no plain name of a field.");
            var members = new Members(property.Value, path);
            var kind = members.Word("type", "keyword", "long", "double", "text", "nested") switch
            {
                "keyword" => Kind.Keyword,
                "long" => Kind.Long,
                "double" => Kind.Double,
                "text" => Kind.Text,
                "nested" => Kind.Nested,
                _ => Kind.Group,
            };
            fields[path] = new(
                path,
                kind,
                nested,
                kind is Kind.Keyword ? members.Whole("ignore_above", 1, int.MaxValue) ?? int.MaxValue : int.MaxValue,
                kind is Kind.Text ? AnalyserNamed(members.Text("analyzer")) : null
            );
            if (kind is Kind.Text)
                members.Whole("position_increment_gap", 100, 100);
            if (kind is Kind.Nested or Kind.Group)
                ReadProperties(members.Need("properties"), path + ".", kind is Kind.Nested ? path : nested);
            members.Done();
        }
    }

    Analyser AnalyserNamed(string name) =>
        analysers.GetValueOrDefault(name)
        ?? throw new NotInTheContractException(
            $"analyzer [{name}] has not been configured in mappings",
            "mapper_parsing_exception"
        );
}
