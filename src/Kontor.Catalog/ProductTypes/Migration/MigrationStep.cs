using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>What a step does.</summary>
public enum StepKind
{
    /// <summary>An attribute gets another key; its values stay.</summary>
    Rename,

    /// <summary>An attribute's values are converted to another kind.</summary>
    Retype,

    /// <summary>What has no value gets one.</summary>
    Default,

    /// <summary>An attribute's values go.</summary>
    Drop,
}

/// <summary>How a value becomes one of another kind.</summary>
public enum Conversion
{
    /// <summary>As it is, where the new kind takes it.</summary>
    Keep,

    /// <summary>"1.5" becomes 1.5.</summary>
    TextToNumber,

    /// <summary>A number as it is written in JSON.</summary>
    NumberToText,

    /// <summary>"true", "yes" or "1" become true; "false", "no" or "0" become false.</summary>
    TextToBoolean,

    /// <summary>"true" or "false".</summary>
    BooleanToText,

    /// <summary>The text becomes the text of the language that argument names.</summary>
    TextToLocalisedText,

    /// <summary>The text of the language that argument names.</summary>
    LocalisedTextToText,

    /// <summary>Midnight of the day, UTC.</summary>
    DateToDateTime,

    /// <summary>The day of the moment, UTC.</summary>
    DateTimeToDate,

    /// <summary>The number gets the attribute's unit.</summary>
    NumberToMeasure,

    /// <summary>The number without its unit.</summary>
    MeasureToNumber,

    /// <summary>The number times argument, with the attribute's unit where it has one: from g to kg it is 0.001.</summary>
    Scale,

    /// <summary>Whole minor units become money of the currency that argument names.</summary>
    NumberToMoney,

    /// <summary>The minor units of money of the currency that argument names; money of another is not converted.</summary>
    MoneyToNumber,

    /// <summary>A value becomes a list of one.</summary>
    ValueToList,

    /// <summary>The first of a list.</summary>
    ListToFirst,
}

/// <summary>What becomes of a value that cannot be converted.</summary>
public enum OnError
{
    /// <summary>The migration is refused.</summary>
    Refuse,

    /// <summary>The value goes.</summary>
    Drop,

    /// <summary>The value of the step's <c>value</c> takes its place.</summary>
    Default,
}

/// <summary>One step of a migration.</summary>
/// <param name="Do">What it does.</param>
/// <param name="Attribute">The attribute: for <c>rename</c> and <c>drop</c> by its old key, for <c>retype</c> and
/// <c>default</c> by the key that it has in the new definition.</param>
/// <param name="To">The new key, for <c>rename</c>.</param>
/// <param name="Conversion">For <c>retype</c>.</param>
/// <param name="Argument">What the conversion needs: a language, a currency, a factor.</param>
/// <param name="OnError">For <c>retype</c>: what becomes of a value that cannot be converted, or that the new definition does
/// not allow.</param>
/// <param name="Value">For <c>default</c>, and for <c>retype</c> with <c>onError</c> <c>default</c>.</param>
public sealed record MigrationStep(
    StepKind Do,
    [property: Required] string Attribute,
    string? To = null,
    Conversion? Conversion = null,
    string? Argument = null,
    OnError OnError = OnError.Refuse,
    JsonElement? Value = null
);
