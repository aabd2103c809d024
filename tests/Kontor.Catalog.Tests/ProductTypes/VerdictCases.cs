using System.Text.Json;
using CsCheck;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Migration;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>Definitions, near and far from each other, and products of them.</summary>
static class VerdictCases
{
    static readonly string[] Texts =
    [
        "a",
        "b",
        "ab",
        "abc",
        "1",
        "-2.5",
        "true",
        "2026-01-01",
        "2026-02-03T04:05:06.000000Z",
    ];
    static readonly string[] Numbers = ["0", "1", "-2.5", "10", "3.25"];

    /// <summary>Every kind has values that are near to being those of another.</summary>
    public static readonly string[] Values =
    [
        .. Texts.Select(text => $"\"{text}\""),
        .. Numbers,
        "true",
        "false",
        """{"en":"a"}""",
        """{"de":"b","en":"abc"}""",
        """{"amount":5,"currency":"EUR"}""",
        """{"amount":0,"currency":"SEK"}""",
        """{"unit":"cm","value":1}""",
        """{"unit":"kg","value":10}""",
        """["a"]""",
        """["b","ab"]""",
        "[1,3.25]",
        "[true]",
    ];

    public static readonly Gen<AttributeDefinition> AnyAttribute = Gen.Select(
        Gen.Enum<AttributeKind>(),
        Gen.Bool,
        Gen.Int[0, 5],
        Gen.Int[0, 3],
        Gen.Int[0, 3],
        Gen.OneOf("a", "b", "ab"),
        (kind, list, flags, low, high, word) => Make(kind, list && low == 0, flags, (low, high), word)
    );

    static readonly Gen<AttributeDefinition[]> Definition = Gen.Select(
        AnyAttribute,
        AnyAttribute,
        Gen.Int[0, 3],
        (one, other, which) =>
            ((AttributeDefinition[])[one with { Key = "x" }, other with { Key = "y" }])
                .Where((_, i) => which >> i != 0)
                .ToArray()
    );

    /// <summary>Half the time a definition near to the old one, so that changes are small.</summary>
    public static readonly Gen<(TypeDefinition Old, AttributeDefinition[] New, string?[][] Products)> Case = Gen.Select(
        Definition,
        Definition,
        AnyAttribute,
        Gen.Int[0, 3],
        Gen.OneOf<string?>([null, .. Values]).Array[2].Array[0, 6],
        (old, other, near, how, products) =>
            (new TypeDefinition("t", "T", 1, 0, old), how == 0 ? other : Near(old, near, how), products)
    );

    static AttributeDefinition Make(AttributeKind kind, bool list, int flags, (int Low, int High) bounds, string word)
    {
        var plain = new AttributeDefinition("x", kind, List: list, Required: flags == 1, Unique: flags == 2);
        int? low = bounds.Low == 0 ? null : bounds.Low;
        int? high = bounds.High == 0 ? null : bounds.High + 1;
        return kind switch
        {
            AttributeKind.Text => plain with
            {
                MinLength = low,
                MaxLength = high ?? 50,
                Pattern = flags == 3 ? word : null,
            },
            AttributeKind.LocalisedText => plain with { MaxLength = high, Unique = false },
            AttributeKind.Enum => plain with { Values = [.. Texts.Take(3 + bounds.Low).Except([word])] },
            AttributeKind.Number => plain with { Min = low, Max = high * 3 },
            AttributeKind.Measure => plain with { Unit = word == "a" ? "kg" : "cm", Max = high, Unique = false },
            AttributeKind.Money => plain with { Min = low, Unique = false },
            AttributeKind.Reference => plain with
            {
                To = word == "a" ? ReferenceTarget.Product : ReferenceTarget.Category,
            },
            AttributeKind.Date => plain with { From = low is null ? null : "2026-01-02" },
            AttributeKind.Boolean => plain with { Unique = false },
            _ => plain,
        };
    }

    static AttributeDefinition[] Near(AttributeDefinition[] old, AttributeDefinition near, int how) =>
        old.Length == 0 ? [near with { Key = "x" }]
        : how == 1 ? [.. old[..^1], near with { Key = old[^1].Key }]
        : how == 2
            ?
            [
                old[0] with
                {
                    Required = near.Required,
                    Unique = near.Unique && old[0].Unique,
                    Values = near.Values ?? old[0].Values,
                },
            ]
        : [.. old, near with { Key = "z" }];

    public static MigrationStep[] Steps(Conversion conversion, OnError onError, int which, JsonElement value)
    {
        var argument = conversion switch
        {
            Conversion.TextToLocalisedText or Conversion.LocalisedTextToText => "en",
            Conversion.NumberToMoney or Conversion.MoneyToNumber => "EUR",
            Conversion.Scale => "0.1",
            _ => null,
        };
        var retype = new MigrationStep(
            StepKind.Retype,
            "x",
            null,
            conversion,
            argument,
            onError,
            onError == OnError.Default ? value : null
        );
        return which switch
        {
            0 or 1 => [retype],
            2 => [new(StepKind.Drop, "x")],
            3 => [new(StepKind.Rename, "x", "y"), new(StepKind.Rename, "y", "x")],
            4 => [new(StepKind.Default, "x", Value: value)],
            5 => [retype, new(StepKind.Default, "y", Value: value)],
            _ => [new(StepKind.Drop, "y"), new(StepKind.Rename, "x", "y")],
        };
    }
}
