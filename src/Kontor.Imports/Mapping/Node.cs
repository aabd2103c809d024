using System.Text.Json;

namespace Kontor.Imports.Mapping;

/// <summary>A place in a mapping file, whose faults are collected by path.</summary>
sealed record Node(string Path, JsonElement Json, SortedDictionary<string, string[]> Faults)
{
    public bool IsText => Json.ValueKind == JsonValueKind.String;

    public Node? this[string member] =>
        Json.ValueKind == JsonValueKind.Object
        && Json.TryGetProperty(member, out var found)
        && found.ValueKind != JsonValueKind.Null
            ? new($"{Path}{(Path.Length > 0 ? "." : "")}{member}", found, Faults)
            : null;

    public void Refuse(string why) => Faults.TryAdd(Path.Length > 0 ? Path : "$", [why]);

    /// <summary>Refuses members that are not known: a name that is misspelt would be without effect.</summary>
    public bool Has(params ReadOnlySpan<string> known)
    {
        if (Json.ValueKind != JsonValueKind.Object)
        {
            Refuse("An object is expected.");
            return false;
        }
        foreach (var member in Json.EnumerateObject())
            if (!known.Contains(member.Name))
                Faults.TryAdd(
                    $"{Path}{(Path.Length > 0 ? "." : "")}{member.Name}",
                    [$"There is no such member; known are {string.Join(", ", known.ToArray())}."]
                );
        return true;
    }

    public IEnumerable<(string Name, Node Node)> Members()
    {
        if (Json.ValueKind == JsonValueKind.Object)
            foreach (var member in Json.EnumerateObject())
                yield return (member.Name, new($"{Path}.{member.Name}", member.Value, Faults));
        else
            Refuse("An object is expected.");
    }

    /// <summary>The items of a list; a single item stands for a list of one.</summary>
    public IEnumerable<Node> Items()
    {
        if (Json.ValueKind != JsonValueKind.Array)
        {
            yield return this;
            yield break;
        }
        var i = 0;
        foreach (var item in Json.EnumerateArray())
            yield return new($"{Path}[{i++}]", item, Faults);
    }

    public string? Text(string what = "A text is expected.")
    {
        if (IsText)
            return Json.GetString();
        Refuse(what);
        return null;
    }

    public bool? Truth()
    {
        if (Json.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return Json.GetBoolean();
        Refuse("true or false is expected.");
        return null;
    }

    public int? Count(int min, int max)
    {
        if (
            Json.ValueKind == JsonValueKind.Number
            && Json.TryGetInt32(out var number)
            && number >= min
            && number <= max
        )
            return number;
        Refuse($"A whole number from {min} to {max} is expected.");
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? Word(params ReadOnlySpan<string> words)
    {
        if (IsText && words.Contains(Json.GetString()))
            return Json.GetString();
        Refuse($"One of {string.Join(", ", words.ToArray())} is expected.");
        return null;
    }
}
