using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Kontor.Catalog.ProductTypes;
using NJsonSchema;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>A type's JSON Schema, read by a validator that is nobody's of ours, says of a value what Kontor says of it.</summary>
/// <remarks>Only what JSON Schema can say is drawn: see ExportJsonSchema for what it cannot.</remarks>
public sealed class JsonSchemaTests
{
    static readonly string[] Texts = ["", "a", "B", "red", "blåbär", "seventeen letters", "1", "2026-11-23"];

    static readonly string[] Anything =
    [
        .. Texts.Select(text => JsonSerializer.Serialize(text)),
        "true",
        "false",
        "0",
        "-7",
        "1.5",
        "12",
        "100",
        "1e2",
        "[]",
        "{}",
        """["red"]""",
        """[1,2]""",
        """[true,null]""",
        "\"2026-02-30\"",
        "\"2024-02-29\"",
        "\"2026-11-23T06:30:00Z\"",
        "\"2026-11-23T06:30:00.5+01:00\"",
        """{"en":"red"}""",
        """{"en":"red","de-AT":"rot","zh-Hant-TW":"x"}""",
        """{"en":""}""",
        """{"EN":"red"}""",
        """{"english":"red"}""",
        """{"en":"red","x":"y"}""",
        """{"en":1}""",
        """{"amount":5,"currency":"EUR"}""",
        """{"amount":500,"currency":"SEK"}""",
        """{"amount":1.5,"currency":"EUR"}""",
        """{"amount":5,"currency":"eur"}""",
        """{"amount":5}""",
        """{"amount":5,"currency":"EUR","more":1}""",
        """{"value":1.5,"unit":"kg"}""",
        """{"value":50,"unit":"kg"}""",
        """{"value":1.5,"unit":"lb"}""",
        """{"value":"1.5","unit":"kg"}""",
        """{"unit":"kg"}""",
        "\"a.key:of-1\"",
        "\"no key\"",
        "\"-no\"",
    ];

    [Fact]
    public void What_it_takes_and_refuses_is_what_Kontor_takes_and_refuses()
    {
        var (taken, refused) = (0, 0);

        Gen.Int[0, int.MaxValue]
            .Sample(
                seed =>
                {
                    var random = new Random(seed);
                    var type = Draw(random);
                    Assert.Equal(0, type.Faults().Count);
                    var schema = JsonSchema.FromJsonAsync(ExportJsonSchema.Of(type).ToJsonString()).Result;
                    for (var i = 0; i < 20; i++)
                    {
                        var product = Draw(type, random);
                        var ours = FaultsOf(type, product);
                        var theirs = schema.Validate(product.ToJsonString());
                        Assert.True(
                            ours.Count == 0 == (theirs.Count == 0),
                            $"{ExportJsonSchema.Of(type)}\n{product}\nours: {string.Join(", ", ours)}; theirs: {string.Join(", ", theirs)}"
                        );
                        _ = ours.Count == 0 ? Interlocked.Increment(ref taken) : Interlocked.Increment(ref refused);
                    }
                },
                iter: 300
            );

        Assert.True(taken > 500 && refused > 500, $"{taken} taken, {refused} refused");
    }

    /// <summary>Each kind by itself, so that none is only drawn beside others that are wrong anyway.</summary>
    [Theory]
    [InlineData(AttributeKind.Text)]
    [InlineData(AttributeKind.LocalisedText)]
    [InlineData(AttributeKind.Number)]
    [InlineData(AttributeKind.Boolean)]
    [InlineData(AttributeKind.Enum)]
    [InlineData(AttributeKind.Date)]
    [InlineData(AttributeKind.DateTime)]
    [InlineData(AttributeKind.Money)]
    [InlineData(AttributeKind.Measure)]
    [InlineData(AttributeKind.Reference)]
    public async Task Of_every_kind_some_are_taken_and_some_refused_by_both(AttributeKind kind)
    {
        var random = new Random((int)kind);
        var met = new HashSet<bool>();
        for (var round = 0; round < 40; round++)
        {
            var type = new TypeDefinition("t", "T", 1, 0, [Draw(kind, "a", AttributeLevel.Product, random)]);
            var schema = await JsonSchema.FromJsonAsync(
                ExportJsonSchema.Of(type).ToJsonString(),
                TestContext.Current.CancellationToken
            );
            foreach (var value in Anything.Where(value => value != "[]" || type.Attributes[0].List))
            {
                var product = new JsonObject { ["attributes"] = new JsonObject { ["a"] = JsonNode.Parse(value) } };
                var ours = FaultsOf(type, product).Count == 0;
                Assert.True(
                    ours == (schema.Validate(product.ToJsonString()).Count == 0),
                    $"{ExportJsonSchema.Of(type)}\n{product}\nours: {ours}"
                );
                met.Add(ours);
            }
        }

        Assert.Equal(2, met.Count);
    }

    static TypeDefinition Draw(Random random)
    {
        var kinds = Enum.GetValues<AttributeKind>();
        var levels = Enum.GetValues<AttributeLevel>();
        return new(
            "t",
            "T",
            1,
            0,
            [
                .. Enumerable
                    .Range(0, random.Next(1, 5))
                    .Select(i =>
                        Draw(kinds[random.Next(kinds.Length)], $"a{i}", levels[random.Next(levels.Length)], random)
                    ),
            ]
        );
    }

    static AttributeDefinition Draw(AttributeKind kind, string key, AttributeLevel level, Random random)
    {
        bool Maybe() => random.Next(3) == 0;
        var bare = new AttributeDefinition(key, kind, Level: level, List: Maybe(), Required: random.Next(2) == 0);
        return kind switch
        {
            AttributeKind.Text or AttributeKind.LocalisedText => bare with
            {
                Pattern = Maybe() ? "^[a-z]+$" : null,
                MinLength = Maybe() ? 2 : null,
                MaxLength = Maybe() ? 5 : null,
            },
            AttributeKind.Number => bare with { Min = Maybe() ? 1 : null, Max = Maybe() ? 12.5m : null },
            AttributeKind.Money => bare with { Min = Maybe() ? 10 : null, Max = Maybe() ? 100 : null },
            AttributeKind.Measure => bare with { Unit = "kg", Max = Maybe() ? 12.5m : null },
            AttributeKind.Enum => bare with { Values = ["red", "a"] },
            AttributeKind.Reference => bare with { To = ReferenceTarget.Product },
            _ => bare,
        };
    }

    static JsonObject Draw(TypeDefinition type, Random random)
    {
        var product = new JsonObject();
        if (random.Next(10) > 0)
            product["attributes"] = Draw(type, AttributeLevel.Product, random);
        product["variants"] = new JsonArray([
            .. Enumerable
                .Range(0, random.Next(3))
                .Select(_ => new JsonObject { ["attributes"] = Draw(type, AttributeLevel.Variant, random) }),
        ]);
        return product;
    }

    static JsonObject Draw(TypeDefinition type, AttributeLevel level, Random random)
    {
        var attributes = new JsonObject();
        foreach (var rule in type.Of(level).Values)
            if (random.Next(6) > 0)
                attributes[rule.Key] = Value(rule, random);
        if (random.Next(20) == 0)
            attributes["unknown"] = 1;
        return attributes;
    }

    static JsonNode? Value(AttributeDefinition rule, Random random)
    {
        // Mostly of the right kind, or hardly a whole product would be right.
        string One()
        {
            while (true)
            {
                var drawn = Anything[random.Next(Anything.Length)];
                var faults = new Faults();
                var single = rule with { List = false };
                AttributeValues.Read(single, JsonElement.Parse(drawn), "x", faults);
                if (drawn == "[]")
                    continue; // In the place of one value it is none for a writer.
                if (faults.Count == 0 || random.Next(60) == 0)
                    return drawn;
            }
        }
        return rule.List && random.Next(10) > 0
            ? new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => JsonNode.Parse(One()))])
            : JsonNode.Parse(One());
    }

    static List<string> FaultsOf(TypeDefinition type, JsonObject product)
    {
        var faults = new Faults();
        type.Read(AttributeLevel.Product, Given(product), "attributes", faults);
        foreach (var variant in product["variants"]?.AsArray() ?? [])
            type.Read(AttributeLevel.Variant, Given(variant!), "variants.attributes", faults);
        return [.. faults.ByPath.Select(fault => $"{fault.Key}: {fault.Value[0]}")];
    }

    static Dictionary<string, JsonElement> Given(JsonNode holder) =>
        holder["attributes"] is JsonObject attributes
            ? JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(attributes.ToJsonString())!
            : [];
}
