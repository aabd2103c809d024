using System.Text.Json;

namespace Kontor.Imports.Extracting;

/// <summary>A row of JSON, or of XML written as such.</summary>
sealed class JsonRow : FeedRow
{
    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = Limits.Depth };

    JsonElement element;
    JsonRow? parent;
    JsonDocument? held;

    public override IEnumerable<string> Names => element.EnumerateObject().Select(member => member.Name);

    /// <summary>Takes the document over from the row before.</summary>
    public JsonRow Set(long line, JsonDocument document)
    {
        held?.Dispose();
        (Line, held, element) = (line, document, document.RootElement);
        return this;
    }

    public override string? Text(Field field)
    {
        if (field.IsOfParent && parent is not null)
            return parent.Text(field with { IsOfParent = false });
        return field.Steps is [{ At: null, Where: null } only]
            ? element.ValueKind == JsonValueKind.Object && element.TryGetProperty(only.Utf8, out var value)
                ? Of(value)
                : null
            : First(element, field, 0);
    }

    public override string? TextOf(string name) => element.TryGetProperty(name, out var value) ? Of(value) : null;

    public override void AddAll(Field field, List<string> values)
    {
        if (field.IsOfParent && parent is not null)
        {
            parent.AddAll(field with { IsOfParent = false }, values);
            return;
        }
        foreach (var found in All(element, field, 0))
            if (Of(found) is { } text)
                values.Add(text);
    }

    public override IEnumerable<FeedRow> Each(Field field)
    {
        foreach (var found in All(element, field, 0))
            yield return new JsonRow
            {
                Line = Line,
                element = found,
                parent = this,
            };
    }

    public override void WriteTo(Utf8JsonWriter json) => element.WriteTo(json);

    static string? First(JsonElement from, Field field, int depth)
    {
        foreach (var found in All(from, field, depth))
            if (Of(found) is { } text)
                return text;
        return null;
    }

    /// <summary>What stands at a path; lists on the way are walked through.</summary>
    static IEnumerable<JsonElement> All(JsonElement from, Field field, int depth)
    {
        if (from.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in from.EnumerateArray())
            foreach (var found in All(item, field, depth))
                yield return found;
            yield break;
        }
        if (depth == field.Steps.Count)
        {
            yield return from;
            yield break;
        }
        var step = field.Steps[depth];
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(step.Utf8, out var next))
            yield break;
        foreach (var chosen in Chosen(next, step))
        foreach (var found in All(chosen, field, depth + 1))
            yield return found;
    }

    static IEnumerable<JsonElement> Chosen(JsonElement from, FieldStep step)
    {
        if (step.At is null && step.Where is null)
            return [from];
        var list = from.ValueKind == JsonValueKind.Array ? (IEnumerable<JsonElement>)from.EnumerateArray() : [from];
        if (step.At is { } at)
            return list.Skip(at).Take(1);
        return list.Where(item =>
            item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty(step.Where, out var value)
            && Of(value) == step.Is
        );
    }

    static string? Of(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Whole(Chars(value)),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array => value.GetArrayLength() == 0 ? null : Of(value[0]),
            JsonValueKind.Object => value.TryGetProperty("#text"u8, out var text) ? Of(text) : null,
            _ => null,
        };

    /// <summary>Text that is none (half of a surrogate pair) is told as such by its U+FFFD.</summary>
    static string Chars(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }
}
