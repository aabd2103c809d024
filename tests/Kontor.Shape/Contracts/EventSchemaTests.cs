using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontor.Kernel;

namespace Kontor.Shape.Contracts;

/// <summary>What is written to the journal is what the schemas say.</summary>
public sealed partial class EventSchemaTests
{
    public static TheoryData<string> Names => [.. EventSchemas.Events.Select(EventNameAttribute.Of)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_written_event_is_what_its_schema_says(string name)
    {
        var type = EventSchemas.Events.Single(type => EventNameAttribute.Of(type) == name);
        var written = JsonSerializer.SerializeToNode(Sample(type), type, KontorJson.Options);

        Assert.Equal([], Faults(EventSchemas.Of(type), written, name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_part_of_a_schema_says_what_it_is(string name) =>
        Assert.Equal(
            [],
            Vague(EventSchemas.Of(EventSchemas.Events.Single(type => EventNameAttribute.Of(type) == name)), name)
        );

    [Fact]
    public void Names_are_well_formed_and_given_once()
    {
        Assert.All(Names, row => Assert.Matches(WellFormed, row.Data));
        Assert.Equal(Names.Count, Names.Select(row => row.Data).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("""{ "sku": "A" }""", "x.price: is missing")]
    [InlineData("""{ "sku": 1, "price": { "amount": 1, "currency": "EUR" } }""", "x.sku: is no string")]
    [InlineData("""{ "sku": "A", "price": { "amount": 1.5, "currency": "EUR" } }""", "x.price.amount: is no integer")]
    [InlineData("""{ "sku": "A", "price": { "amount": 1, "currency": "eur" } }""", "x.price.currency: is not like")]
    [InlineData("""{ "sku": "A", "price": { "amount": 1, "currency": "EUR" }, "gift": true }""", "x.gift: is unknown")]
    [InlineData("""{ "sku": null, "price": { "amount": 1, "currency": "EUR" } }""", "x.sku: is no string")]
    public void A_false_event_is_found(string written, string said)
    {
        var schema = JsonNode.Parse(
            """
            {
              "type": "object",
              "required": ["sku", "price"],
              "properties": {
                "sku": { "type": "string" },
                "price": {
                  "type": "object",
                  "properties": {
                    "amount": { "type": "integer" },
                    "currency": { "type": "string", "pattern": "^[A-Z]{3}$" }
                  }
                }
              }
            }
            """
        )!;

        Assert.Contains(
            Faults(schema, JsonNode.Parse(written), "x"),
            fault => fault.StartsWith(said, StringComparison.Ordinal)
        );
    }

    /// <summary>The part of JSON Schema that our schemas use; a member that no schema names is a fault too.</summary>
    static IEnumerable<string> Faults(JsonNode schema, JsonNode? value, string at)
    {
        var type = (string)schema["type"]!;
        if (!IsOf(type, value))
            return [$"{at}: is no {type}."];
        return value switch
        {
            JsonObject members =>
            [
                .. (schema["required"] as JsonArray ?? [])
                    .Where(name => !members.ContainsKey((string)name!))
                    .Select(name => $"{at}.{name}: is missing."),
                .. members.SelectMany(member =>
                    (schema["properties"]?[member.Key] ?? schema["additionalProperties"]) is JsonObject inner
                        ? Faults(inner, member.Value, $"{at}.{member.Key}")
                        : [$"{at}.{member.Key}: is unknown."]
                ),
            ],
            JsonArray items => items.SelectMany(item => Faults(schema["items"]!, item, $"{at}[]")),
            _ when (string?)schema["pattern"] is { } pattern
                    && !Regex.IsMatch((string)value!, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) =>
            [
                $"{at}: is not like {pattern}.",
            ],
            _ when (string?)schema["format"] == "uuid" && !Guid.TryParseExact((string?)value, "D", out _) =>
            [
                $"{at}: is no UUID.",
            ],
            _ when (string?)schema["format"] == "date-time" && !DateTimeOffset.TryParse((string?)value, out _) =>
            [
                $"{at}: is no time.",
            ],
            _ => [],
        };
    }

    static bool IsOf(string type, JsonNode? value) =>
        (type, value?.GetValueKind()) switch
        {
            ("object", JsonValueKind.Object) => true,
            ("array", JsonValueKind.Array) => true,
            ("string", JsonValueKind.String) => true,
            ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
            ("number", JsonValueKind.Number) => true,
            ("integer", JsonValueKind.Number) => long.TryParse(value!.ToJsonString(), out _),
            _ => false,
        };

    static IEnumerable<string> Vague(JsonNode schema, string at)
    {
        if (schema["type"] is not JsonValue)
            yield return $"{at} has no one type.";
        if ((string?)schema["type"] == "array" && schema["items"] is null)
            yield return $"{at} does not say what it lists.";
        foreach (var (name, inner) in schema["properties"] as JsonObject ?? [])
        foreach (var found in Vague(inner!, $"{at}.{name}"))
            yield return found;
        if (schema["items"] is { } items)
            foreach (var found in Vague(items, $"{at}[]"))
                yield return found;
    }

    /// <summary>An event with a value in every member.</summary>
    static object Sample(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "sample";
        if (type == typeof(Guid))
            return Guid.Parse(Door.SomeId);
        if (type == typeof(Money))
            return new Money(1999, "EUR");
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.UnixEpoch;
        if (type.IsPrimitive)
            return Convert.ChangeType(1, type);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0)!;
        if (type == typeof(IReadOnlyDictionary<string, string>))
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["de"] = "sample" };
        if (type.IsAssignableTo(typeof(IEnumerable)))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            list.SetValue(Sample(type.GetGenericArguments()[0]), 0);
            return list;
        }
        var constructor = type.GetConstructors().MaxBy(made => made.GetParameters().Length)!;
        return constructor.Invoke([
            .. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType)),
        ]);
    }

    [GeneratedRegex(
        @"^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex WellFormed { get; }
}
