using System.Text.Json;

namespace Kontor.Search.OpenSearch.Tests.Interpreter;

/// <summary>A request says something that the documentation does not know.</summary>
sealed class NotInTheContractException(string reason, string type = "parsing_exception", int status = 400)
    : Exception(reason)
{
    public string Type => type;

    public int Status => status;
}

/// <summary>The members of a JSON object, each taken once; what is left over is in no documentation.</summary>
sealed class Members
{
    readonly Dictionary<string, JsonElement> left = new(StringComparer.Ordinal);
    readonly string where;

    public Members(JsonElement of, string where)
    {
        this.where = where;
        if (of.ValueKind != JsonValueKind.Object)
            throw new NotInTheContractException($"[{where}] is to be an object and is {of.ValueKind}.");
        foreach (var member in of.EnumerateObject())
            if (!left.TryAdd(member.Name, member.Value))
                throw new NotInTheContractException($"[{where}] has [{member.Name}] twice.");
    }

    public IEnumerable<string> Left => left.Keys;

    public JsonElement? Take(string name) => left.Remove(name, out var value) ? value : null;

    public JsonElement Need(string name) =>
        Take(name) ?? throw new NotInTheContractException($"[{where}] needs [{name}].");

    public string Text(string name) => Text(Need(name), name);

    public string? Word(string name, params string[] allowed)
    {
        if (Take(name) is not { } value)
            return null;
        var word = Text(value, name);
        return allowed.Contains(word)
            ? word
            : throw new NotInTheContractException($"[{where}.{name}] does not know [{word}].");
    }

    public double? Number(string name) =>
        Take(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw new NotInTheContractException($"[{where}.{name}] is to be a number.");

    public int? Whole(string name, int least, int most)
    {
        if (Take(name) is not { } value)
            return null;
        return
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number)
            && number >= least
            && number <= most
            ? number
            : throw new NotInTheContractException($"[{where}.{name}] is to be {least} to {most}, and is {value}.");
    }

    public bool? Truth(string name) =>
        Take(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new NotInTheContractException($"[{where}.{name}] is to be true or false.");

    /// <summary>The only member.</summary>
    public (string Name, JsonElement Value) Only()
    {
        if (left.Count != 1)
            throw new NotInTheContractException($"[{where}] is to have one member and has {left.Count}.");
        var (name, value) = left.First();
        left.Clear();
        return (name, value);
    }

    /// <summary>Whether all was taken.</summary>
    public void Done()
    {
        if (left.Count > 0)
            throw new NotInTheContractException($"[{where}] does not know [{string.Join(", ", left.Keys)}].");
    }

    public static string Text(JsonElement value, string where) =>
        value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new NotInTheContractException($"[{where}] is to be a string.");

    public static IReadOnlyList<string> Texts(JsonElement value, string where) =>
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(one => Text(one, where))]
            : throw new NotInTheContractException($"[{where}] is to be a list.");
}
