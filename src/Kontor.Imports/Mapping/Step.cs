using System.Text.RegularExpressions;
using Kontor.Imports.Validating;

namespace Kontor.Imports.Mapping;

/// <summary>A change of values. What cannot be changed is noted and left out.</summary>
abstract class Step
{
    public abstract void Apply(List<string> values, string? column, RowContext row);
}

/// <summary>Changes each value by itself; null leaves it out.</summary>
sealed class EachStep(Func<string, string?, RowContext, string?> change) : Step
{
    public override void Apply(List<string> values, string? column, RowContext row)
    {
        var kept = 0;
        for (var i = 0; i < values.Count; i++)
            if (change(values[i], column, row)?.Trim() is { Length: > 0 } changed)
                values[kept++] = changed;
        values.RemoveRange(kept, values.Count - kept);
    }
}

/// <summary>Changes the values together.</summary>
sealed class ListStep(Action<List<string>, string?, RowContext> change) : Step
{
    public override void Apply(List<string> values, string? column, RowContext row) => change(values, column, row);
}

/// <summary>What the steps of a mapping do.</summary>
static class Steps
{
    const int MaxParts = 1_000;

    public static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(200);

    public static Step Number(DecimalForm form) =>
        new EachStep(
            (value, column, row) =>
            {
                if (!Decimals.TryRead(value, form, out var plain, out var isGrouped))
                {
                    row.Note(column, value, Rule.NumberUnreadable);
                    return null;
                }
                if (isGrouped)
                    row.Note(column, value, Rule.NumberGrouped);
                return plain;
            }
        );

    public static Step Gtin() =>
        new EachStep(
            (value, column, row) =>
            {
                if (Gtins.Read(value, out var gtin) is { } rule)
                {
                    row.Note(column, value, rule);
                    return null;
                }
                if (Gtins.IsInStore(gtin))
                    row.Note(column, value, Rule.GtinInStore);
                return gtin;
            }
        );

    public static Step Isbn() =>
        new EachStep(
            (value, column, row) =>
            {
                if (Gtins.ReadIsbn(value, out var isbn) is not { } rule)
                    return isbn;
                row.Note(column, value, rule);
                return null;
            }
        );

    public static Step Lookup(IReadOnlyDictionary<string, string> table, string otherwise) =>
        new EachStep(
            (value, column, row) =>
            {
                if (table.TryGetValue(value, out var found))
                    return found;
                if (otherwise == "keep")
                    return value;
                if (otherwise == "note")
                    row.Note(column, value, Rule.LookupMissing);
                return null;
            }
        );

    public static Step Split(string by) =>
        new ListStep(
            (values, _, _) =>
            {
                string[] all = [.. values];
                values.Clear();
                foreach (var value in all)
                foreach (
                    var part in value.Split(
                        by,
                        MaxParts,
                        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                    )
                )
                    if (values.Count < MaxParts)
                        values.Add(part);
            }
        );

    public static Step Join(string with) =>
        new ListStep((values, _, _) => Only(values, values.Count == 0 ? null : string.Join(with, values)));

    /// <param name="of">How many there must be; null: any number.</param>
    public static Step Item(int at, int? of) =>
        new ListStep(
            (values, column, row) =>
            {
                var fits = of is null || values.Count == of;
                if (!fits && values.Count > 0 && at == 0)
                    row.Note(column, string.Join(" x ", values), Rule.CountUnexpected, $"{of} are expected.");
                Only(values, fits && at < values.Count ? values[at] : null);
            }
        );

    public static Step Sum() =>
        new ListStep(
            (values, column, row) =>
            {
                var sum = 0m;
                foreach (var value in values)
                    if (Decimals.IsPlain(value) && value.Length < 20)
                        sum += decimal.Parse(value);
                    else
                        row.Note(column, value, Rule.NumberUnreadable);
                Only(values, values.Count == 0 ? null : Decimals.Canonical(sum.ToString()));
            }
        );

    public static Step Match(Regex pattern, int group) =>
        new EachStep(
            (value, column, row) =>
                InTime(
                    value,
                    column,
                    row,
                    () => pattern.Match(value) is { Success: true } found ? found.Groups[group].Value : null
                )
        );

    public static Step Replace(Regex pattern, string by) =>
        new EachStep((value, column, row) => InTime(value, column, row, () => pattern.Replace(value, by)));

    /// <summary>The value of a name in <c>size=XS,color=Black</c>.</summary>
    public static Step Pair(string name, string between, string equals) =>
        new EachStep(
            (value, _, _) =>
            {
                foreach (var pair in value.Split(between, MaxParts))
                    if (
                        pair.IndexOf(equals, StringComparison.Ordinal) is var at and > 0
                        && pair.AsSpan(0, at).Trim().SequenceEqual(name)
                    )
                        return pair[(at + equals.Length)..];
                return null;
            }
        );

    public static Step Date(string form) =>
        new EachStep(
            (value, column, row) =>
            {
                if (DateOnly.TryParseExact(value, form, out var day))
                    return day.ToString("yyyy-MM-dd");
                row.Note(column, value, Rule.DateUnreadable);
                return null;
            }
        );

    public static Step Default(string text) =>
        new ListStep(
            (values, _, _) =>
            {
                if (values.Count == 0)
                    values.Add(text);
            }
        );

    public static Step Drop(IReadOnlySet<string> texts) =>
        new EachStep((value, _, _) => texts.Contains(value) ? null : value);

    /// <summary>6.75 x 5.75 x 5.5 inches: three measures, each with the unit.</summary>
    public static Step Measures() =>
        new ListStep(
            (values, _, _) =>
            {
                string[] all = [.. values];
                values.Clear();
                foreach (var value in all)
                    values.AddRange(Units.Split(value).Take(MaxParts));
            }
        );

    /// <summary>A measure, or a number of <paramref name="from"/>, as a number of <paramref name="to"/>.</summary>
    public static Step Convert(string? from, string to) =>
        new EachStep(
            (value, column, row) =>
            {
                if (Units.Convert(value, from, to) is { } converted)
                    return converted;
                row.Note(column, value, Rule.UnitUnknown);
                return null;
            }
        );

    public static Step Unique() =>
        new ListStep(
            (values, _, _) =>
            {
                var seen = new HashSet<string>(StringComparer.Ordinal);
                values.RemoveAll(value => !seen.Add(value));
            }
        );

    static void Only(List<string> values, string? value)
    {
        values.Clear();
        if (value is not null)
            values.Add(value);
    }

    static string? InTime(string value, string? column, RowContext row, Func<string?> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException)
        {
            row.Note(column, value, Rule.PatternTooSlow);
            return null;
        }
    }
}
