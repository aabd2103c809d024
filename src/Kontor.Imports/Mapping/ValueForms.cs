using System.Text.Json;
using System.Text.RegularExpressions;
using Kontor.Imports.Extracting;
using Kontor.Imports.Validating;

namespace Kontor.Imports.Mapping;

/// <summary>Reads values of a mapping file, and gathers the fields that they look at.</summary>
sealed class ValueForms(bool isFlat)
{
    const int MaxFields = 2_000;

    readonly Dictionary<string, Field> fields = new(StringComparer.Ordinal);
    readonly List<Field> inOrder = [];

    public IReadOnlyList<Field> Fields => inOrder;

    public Value? Read(Node? node)
    {
        if (node is null)
            return null;
        if (node.IsText)
            return FieldValue(node);
        if (node.Json.ValueKind == JsonValueKind.Array)
            return First(node);
        if (!node.Has("from", "constant", "template", "first", "many", "do", "unit", "language"))
            return null;
        Value? value =
            node["from"] is { } from ? (from.IsText ? FieldValue(from) : First(from))
            : node["constant"]?.Text() is { } constant ? new ConstantValue(constant)
            : node["template"] is { } template ? Template(template)
            : node["first"] is { } first ? First(first)
            : node["many"] is { } many
                ? All(many) is { Count: > 0 } all ? new ManyValue(all)
                    : null
            : null;
        if (value is null)
        {
            node.Refuse("A value has one of from, constant, template, first, many.");
            return null;
        }
        if (node["do"] is not { } wanted)
            return value;
        List<Step> steps = [];
        foreach (var item in wanted.Items())
            if (StepForms.Read(item) is { } step)
                steps.Add(step);
        return new SteppedValue(value, steps);
    }

    public Field? Field(Node node)
    {
        if (node.Text("The name or path of a field is expected.") is not { } path)
            return null;
        if (fields.TryGetValue(path, out var known))
            return known;
        if (inOrder.Count == MaxFields || Extracting.Field.Parse(inOrder.Count, path, isFlat) is not { } field)
        {
            node.Refuse($"'{path}' is no path of a field.");
            return null;
        }
        fields.Add(path, field);
        inOrder.Add(field);
        return field;
    }

    public Condition? Condition(Node? node)
    {
        if (node is null || !node.Has("value", "in", "not"))
            return null;
        if (Read(node["value"]) is not { } value)
        {
            node.Refuse("A condition has a value.");
            return null;
        }
        var words = node["in"]?.Items().Select(item => item.Text() ?? "").ToHashSet(StringComparer.Ordinal);
        return new(value, words, node["not"]?.Truth() ?? false);
    }

    FieldValue? FieldValue(Node node) => Field(node) is { } found ? new FieldValue(found) : null;

    Value? First(Node node) =>
        All(node) switch
        {
            [] => null,
            [var only] => only,
            var several => new FirstValue(several),
        };

    List<Value> All(Node node)
    {
        List<Value> values = [];
        foreach (var item in node.Items())
            if (Read(item) is { } value)
                values.Add(value);
        return values;
    }

    /// <summary>Text with fields in braces; a brace itself is written twice.</summary>
    Value? Template(Node node)
    {
        if (node.Text() is not { } text)
            return null;
        List<string> literals = [];
        List<Field> found = [];
        var rest = text.AsSpan();
        while (rest.IndexOfAny('{', '}') is var open and >= 0)
        {
            var close = rest.IndexOf('}');
            if (rest[open] == '}' || close < open + 2 || rest[(open + 1)..close].Contains('{'))
            {
                node.Refuse("The braces of the template do not match.");
                return null;
            }
            var name = JsonSerializer.SerializeToElement(rest[(open + 1)..close].ToString());
            if (Field(node with { Json = name }) is not { } field)
                return null;
            literals.Add(rest[..open].ToString());
            found.Add(field);
            rest = rest[(close + 1)..];
        }
        literals.Add(rest.ToString());
        return found.Count == 0 ? new ConstantValue(text) : new TemplateValue(literals, found);
    }
}

/// <summary>Reads steps: a word, or an object that begins with one.</summary>
static class StepForms
{
    public static readonly IReadOnlyList<string> Words =
    [
        "text",
        "line",
        "entities",
        "lower",
        "upper",
        "unmangle",
        "gtin",
        "isbn",
        "key",
        "slug",
        "sum",
        "measures",
        "unique",
    ];

    public static readonly IReadOnlyList<string> Members =
    [
        "number",
        "lookup",
        "otherwise",
        "split",
        "join",
        "item",
        "of",
        "match",
        "group",
        "replace",
        "by",
        "pair",
        "between",
        "equals",
        "date",
        "default",
        "drop",
        "convert",
        "to",
        "cut",
        "prefix",
    ];

    public static Step? Read(Node node)
    {
        if (node.IsText)
            return Word(node);
        if (!node.Has([.. Members]))
            return null;
        return node["number"] is { } number ? Number(number)
            : node["lookup"] is { } lookup ? Lookup(lookup, node["otherwise"])
            : node["split"]?.Text() is { Length: > 0 } split ? Steps.Split(split)
            : node["join"]?.Text() is { } join ? Steps.Join(join)
            : node["item"]?.Count(0, 999) is { } item ? Steps.Item(item, node["of"]?.Count(1, 1_000))
            : node["match"] is { } match ? Match(match, node["group"]?.Count(0, 20) ?? 0)
            : node["replace"] is { } replace ? Replace(replace, node["by"]?.Text() ?? "")
            : node["pair"]?.Text() is { } pair
                ? Steps.Pair(pair, node["between"]?.Text() ?? ",", node["equals"]?.Text() ?? "=")
            : node["date"]?.Text() is { } date ? Steps.Date(date)
            : node["default"]?.Text() is { } text ? Steps.Default(text)
            : node["drop"] is { } drop
                ? Steps.Drop(drop.Items().Select(one => one.Text() ?? "").ToHashSet(StringComparer.Ordinal))
            : node["to"] is { } to ? Convert(node["convert"], to)
            : node["cut"]?.Count(1, 50_000) is { } length ? new EachStep((value, _, _) => Texts.Cut(value, length))
            : node["prefix"]?.Text() is { } prefix ? new EachStep((value, _, _) => prefix + value)
            : Refused(node);
    }

    static Step? Word(Node node) =>
        node.Text() switch
        {
            "text" => new EachStep((value, _, _) => Texts.Plain(value)),
            "line" => new EachStep((value, _, _) => Texts.OneLine(value)),
            "entities" => new EachStep((value, _, _) => System.Net.WebUtility.HtmlDecode(value)),
            "lower" => new EachStep((value, _, _) => value.ToLowerInvariant()),
            "upper" => new EachStep((value, _, _) => value.ToUpperInvariant()),
            "unmangle" => new EachStep((value, _, _) => Texts.Unmangled(value)),
            "gtin" => Steps.Gtin(),
            "isbn" => Steps.Isbn(),
            "key" => new EachStep((value, _, _) => Texts.Key(value)),
            "slug" => new EachStep((value, _, _) => Texts.Slug(value)),
            "sum" => Steps.Sum(),
            "measures" => Steps.Measures(),
            "unique" => Steps.Unique(),
            _ => Refused(node),
        };

    static Step? Number(Node node) =>
        node.Word("point", "comma", "lastComma") is { } form && Decimals.FormOf(form) is { } known
            ? Steps.Number(known)
            : null;

    static Step Lookup(Node table, Node? otherwise) =>
        Steps.Lookup(
            table.Members().ToDictionary(pair => pair.Name, pair => pair.Node.Text() ?? "", StringComparer.Ordinal),
            otherwise?.Word("keep", "drop", "note") ?? "note"
        );

    static Step? Convert(Node? from, Node to)
    {
        foreach (var unit in new[] { from, to })
            if (unit?.Text() is { } name && !Units.Exists(name))
                unit.Refuse($"'{name}' is no unit that is known.");
        return to.IsText ? Steps.Convert(from?.Text(), to.Text() ?? "") : null;
    }

    static Step? Match(Node node, int group) => Pattern(node) is { } pattern ? Steps.Match(pattern, group) : null;

    static Step? Replace(Node node, string by) => Pattern(node) is { } pattern ? Steps.Replace(pattern, by) : null;

    static Regex? Pattern(Node node)
    {
        try
        {
            return node.Text() is { Length: <= 500 } text
                ? new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Steps.PatternTime)
                : null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            node.Refuse("It is no regular expression without backreferences and lookaround.");
            return null;
        }
    }

    static Step? Refused(Node node)
    {
        node.Refuse(
            $"A step is one of {string.Join(", ", Words)}, or an object with one of {string.Join(", ", Members)}."
        );
        return null;
    }
}
