using System.Text.Json;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>A document, or a nested one of it, as the mapping understands it.</summary>
sealed class Doc
{
    readonly Dictionary<string, List<object>> values = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<Doc>> children = new(StringComparer.Ordinal);

    Doc(Doc? parent, string path) => (Parent, Path) = (parent, path);

    public Doc? Parent { get; }

    /// <summary>The nested field that it is of; empty: a document itself.</summary>
    public string Path { get; }

    public required string Id { get; init; }

    public Doc Root => Parent?.Root ?? this;

    public IReadOnlyList<object> Of(string field) => values.GetValueOrDefault(field) ?? [];

    /// <summary>All below it of a nested field, however deep.</summary>
    public IEnumerable<Doc> Below(string path) =>
        children.SelectMany(of =>
            of.Key == path ? of.Value
            : path.StartsWith(of.Key + ".", StringComparison.Ordinal) ? of.Value.SelectMany(child => child.Below(path))
            : []
        );

    public static Doc Read(string id, JsonElement source, Mapping mapping)
    {
        var doc = new Doc(null, "") { Id = id };
        doc.ReadObject(source, "", mapping);
        return doc;
    }

    void ReadObject(JsonElement of, string prefix, Mapping mapping)
    {
        if (of.ValueKind != JsonValueKind.Object)
            throw new NotInTheContractException($"[{prefix}] is to be an object.", "mapper_parsing_exception");
        foreach (var member in of.EnumerateObject())
        {
            var field =
                mapping.Find(prefix + member.Name)
                ?? throw new NotInTheContractException(
                    $"mapping set to strict, dynamic introduction of [{member.Name}] is not allowed",
                    "strict_dynamic_mapping_exception"
                );
            IEnumerable<JsonElement> elements =
                member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray() : [member.Value];
            foreach (var element in elements.Where(element => element.ValueKind != JsonValueKind.Null))
                ReadValue(field, element, mapping);
        }
    }

    void ReadValue(Field field, JsonElement element, Mapping mapping)
    {
        switch (field.Kind)
        {
            case Kind.Group:
                ReadObject(element, field.Path + ".", mapping);
                return;
            case Kind.Nested:
                var child = new Doc(this, field.Path) { Id = Id };
                child.ReadObject(element, field.Path + ".", mapping);
                if (!children.TryGetValue(field.Path, out var its))
                    children[field.Path] = its = [];
                its.Add(child);
                return;
        }
        object? value = field.Kind switch
        {
            Kind.Long when element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var whole) => whole,
            Kind.Double when element.ValueKind == JsonValueKind.Number => element.GetDouble(),
            Kind.Keyword or Kind.Text when element.ValueKind == JsonValueKind.String => element.GetString(),
            _ => throw new NotInTheContractException(
                $"failed to parse field [{field.Path}] of type [{field.Kind}]",
                "mapper_parsing_exception"
            ),
        };
        if (value is string text && text.Length > field.IgnoreAbove)
            return;
        if (!values.TryGetValue(field.Path, out var kept))
            values[field.Path] = kept = [];
        kept.Add(value!);
    }
}
