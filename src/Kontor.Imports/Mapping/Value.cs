using System.Text;
using Kontor.Imports.Extracting;

namespace Kontor.Imports.Mapping;

/// <summary>What a target is set to: one text or several, out of a row.</summary>
abstract class Value
{
    /// <summary>What faults name as their column.</summary>
    public abstract string? Column { get; }

    public abstract string? One(RowContext row);

    public virtual void All(RowContext row, List<string> values)
    {
        if (One(row) is { } value)
            values.Add(value);
    }
}

sealed class FieldValue(Field at) : Value
{
    public override string Column => at.Path;

    public override string? One(RowContext row) => row.Text(at);

    public override void All(RowContext row, List<string> values) => row.AddAll(at, values);
}

sealed class ConstantValue(string text) : Value
{
    public override string? Column => null;

    public override string One(RowContext row) => text;
}

/// <summary>Text with fields in braces; where one of them is empty, there is no value: half a template is none.</summary>
sealed class TemplateValue(IReadOnlyList<string> literals, IReadOnlyList<Field> fields) : Value
{
    public override string? Column => fields.Count > 0 ? fields[0].Path : null;

    public override string? One(RowContext row)
    {
        if (fields.Count == 1)
            return row.Text(fields[0]) is { } only ? string.Concat(literals[0], only, literals[1]) : null;
        var text = new StringBuilder(literals[0]);
        for (var i = 0; i < fields.Count; i++)
            if (row.Text(fields[i]) is { } value)
                text.Append(value).Append(literals[i + 1]);
            else
                return null;
        return text.ToString();
    }
}

/// <summary>The first of several that has a value.</summary>
sealed class FirstValue(IReadOnlyList<Value> values) : Value
{
    public override string? Column => values[0].Column;

    public override string? One(RowContext row)
    {
        foreach (var value in values)
            if (value.One(row) is { } found)
                return found;
        return null;
    }

    public override void All(RowContext row, List<string> found)
    {
        var before = found.Count;
        foreach (var value in values)
        {
            value.All(row, found);
            if (found.Count > before)
                return;
        }
    }
}

/// <summary>The values of several, one behind the other.</summary>
sealed class ManyValue(IReadOnlyList<Value> values) : Value
{
    public override string? Column => values[0].Column;

    public override string? One(RowContext row)
    {
        var all = row.Rent();
        All(row, all);
        var first = all.Count > 0 ? all[0] : null;
        row.Return(all);
        return first;
    }

    public override void All(RowContext row, List<string> found)
    {
        foreach (var value in values)
            value.All(row, found);
    }
}

/// <summary>A value, changed step by step.</summary>
sealed class SteppedValue(Value from, IReadOnlyList<Step> steps) : Value
{
    public override string? Column => from.Column;

    public override string? One(RowContext row)
    {
        var values = row.Rent();
        All(row, values);
        var first = values.Count > 0 ? values[0] : null;
        row.Return(values);
        return first;
    }

    public override void All(RowContext row, List<string> found)
    {
        var values = row.Rent();
        from.All(row, values);
        foreach (var step in steps)
            step.Apply(values, Column, row);
        foreach (var value in values)
            if (value.Length > 0)
                found.Add(value);
        row.Return(values);
    }
}
