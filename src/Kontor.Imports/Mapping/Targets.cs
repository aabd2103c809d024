using System.Text.RegularExpressions;
using Kontor.Imports.Extracting;
using Kontor.Imports.Validating;

namespace Kontor.Imports.Mapping;

/// <summary>What one file of a feed means.</summary>
/// <param name="Name">The pattern of its name, with * and ?; null: every file.</param>
/// <param name="IsExported">It is an export of this program, whose columns have their meaning already.</param>
sealed record FileMapping(
    Regex? Name,
    FormWanted Form,
    IReadOnlyList<Field> Fields,
    IReadOnlyList<ProductTargets> Products,
    bool IsExported = false
);

/// <summary>What a row says about a product.</summary>
/// <param name="When">For which rows; the first of a file whose condition holds counts.</param>
sealed record ProductTargets(Condition? When, Value Key)
{
    public Value? Type { get; init; }
    public Value? Title { get; init; }
    public Value? Slug { get; init; }
    public Value? Description { get; init; }
    public Value? Body { get; init; }
    public Value? Categories { get; init; }
    public Value? Media { get; init; }
    public Value? SeoTitle { get; init; }
    public Value? SeoDescription { get; init; }
    public Value? State { get; init; }
    public Value? From { get; init; }
    public Value? Until { get; init; }
    public Value? Channels { get; init; }
    public IReadOnlyList<AttributeTarget> Attributes { get; init; } = [];
    public IReadOnlyList<(string Language, string Member, Value Value)> Translations { get; init; } = [];
    public IReadOnlyList<OptionTarget> Options { get; init; } = [];
    public IReadOnlyList<VariantTargets> Variants { get; init; } = [];
}

/// <param name="Each">Where the variants are nested in the row; null: the row itself is one.</param>
sealed record VariantTargets(Field? Each, Condition? When, Value Sku)
{
    public IReadOnlyList<PriceTarget> Prices { get; init; } = [];
    public Value? Stock { get; init; }
    public IReadOnlyList<AttributeTarget> Attributes { get; init; } = [];
    public IReadOnlyList<(string Key, Value Value)> Options { get; init; } = [];
}

/// <param name="Each">Where the prices are nested; null: there is one.</param>
sealed record PriceTarget(Field? Each, Value Amount, Value Currency, DecimalForm Form);

/// <param name="Unit">Of a number that says none, for a measure.</param>
/// <param name="Language">Of a text, for a localised attribute.</param>
/// <param name="Pattern">The names of all fields that are such attributes, with the rest of the name as <c>*</c>.</param>
sealed record AttributeTarget(string Key, Value Value, string? Unit, string? Language, Regex? Pattern);

sealed record OptionTarget(string Key, string? Title, Value Value);

/// <summary>Holds where a value is one of some; or, without any, where there is one.</summary>
sealed record Condition(Value Value, IReadOnlySet<string>? In, bool IsNot)
{
    public bool Holds(RowContext row)
    {
        var value = Value.One(row);
        return (value is not null && (In is null || In.Contains(value))) != IsNot;
    }
}
