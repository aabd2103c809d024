using System.Text.Json;

namespace Kontor.Imports.Extracting;

/// <summary>A row of a feed, whatever its form. Valid until the next one is asked for.</summary>
abstract class FeedRow
{
    public long Line { get; protected set; }

    /// <summary>Why it cannot be read; its fields are none then.</summary>
    public RowBreak? Broken { get; protected set; }

    /// <summary>The first value at a field, trimmed; null where there is none.</summary>
    public abstract string? Text(Field field);

    /// <summary>All values at a field.</summary>
    public abstract void AddAll(Field field, List<string> values);

    /// <summary>The rows that are nested at a field.</summary>
    public abstract IEnumerable<FeedRow> Each(Field field);

    /// <summary>The names of its fields, of the first level.</summary>
    public abstract IEnumerable<string> Names { get; }

    public abstract string? TextOf(string name);

    /// <summary>As a JSON object, for quarantine.</summary>
    public abstract void WriteTo(Utf8JsonWriter json);

    protected static string? Whole(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}

/// <summary>Why a row could not be read.</summary>
/// <param name="Raw">What stands there, cut.</param>
sealed record RowBreak(string Code, string Message, string Hint, string Raw)
{
    public const int MaxRaw = 500;
}

/// <summary>A row that could not be read.</summary>
sealed class BrokenRow : FeedRow
{
    public BrokenRow(long line, RowBreak broken) => (Line, Broken) = (line, broken);

    public override IEnumerable<string> Names => [];

    public override string? Text(Field field) => null;

    public override string? TextOf(string name) => null;

    public override void AddAll(Field field, List<string> values) { }

    public override IEnumerable<FeedRow> Each(Field field) => [];

    public override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("_raw", Broken?.Raw);
        json.WriteEndObject();
    }
}
