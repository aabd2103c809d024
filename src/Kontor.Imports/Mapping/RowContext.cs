using Kontor.Imports.Extracting;
using Kontor.Imports.Validating;

namespace Kontor.Imports.Mapping;

/// <summary>A row while it is mapped: its fields, and what is found wrong with them.</summary>
sealed class RowContext
{
    const int MaxFaults = 100;
    const int MaxValue = 200;

    readonly Stack<List<string>> lists = [];

    public FeedRow Row { get; set; } = new BrokenRow(0, new("", "", "", ""));

    public RowAt At { get; private set; }

    public List<RowFault> Faults { get; private set; } = [];

    public bool IsRefused { get; private set; }

    public void Begin(FeedRow row, RowAt at)
    {
        (Row, At, IsRefused) = (row, at, false);
        if (Faults.Count > 0)
            Faults = [];
    }

    public void Note(string? column, string? value, Rule rule, string? detail = null) =>
        Add(column, value, rule, detail, false);

    public void Refuse(string? column, string? value, Rule rule, string? detail = null)
    {
        IsRefused = true;
        Add(column, value, rule, detail, true);
    }

    /// <summary>The text of a field; none where it is no text.</summary>
    public string? Text(Field field)
    {
        var text = Row.Text(field);
        return text is null || IsText(text, field.Path) ? text : null;
    }

    public void AddAll(Field field, List<string> values)
    {
        var from = values.Count;
        Row.AddAll(field, values);
        for (var i = values.Count - 1; i >= from; i--)
            if (!IsText(values[i], field.Path))
                values.RemoveAt(i);
    }

    bool IsText(string value, string column)
    {
        if (!value.AsSpan().ContainsAny('\0', '\uFFFD'))
            return true;
        Note(column, value, Rule.TextUnreadable);
        return false;
    }

    /// <summary>A list to use for a while.</summary>
    public List<string> Rent() => lists.TryPop(out var list) ? list : [];

    public void Return(List<string> list)
    {
        list.Clear();
        lists.Push(list);
    }

    void Add(string? column, string? value, Rule rule, string? detail, bool isFatal)
    {
        if (Faults.Count >= MaxFaults && !isFatal)
            return;
        var cut = value is { Length: > MaxValue } ? value[..MaxValue] : value;
        Faults.Add(
            new(
                At,
                column,
                cut,
                rule.Code,
                detail is null ? rule.Message : $"{rule.Message} {detail}",
                rule.Hint,
                isFatal
            )
        );
    }
}
