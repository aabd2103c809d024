using System.Globalization;
using System.Text;

namespace Kontor.Imports.Extracting;

/// <summary>Where a value stands in a row: the name of a column, or a path into JSON or XML.</summary>
/// <remarks>
/// A path is names with dots or slashes between: <c>a.b</c>, <c>MetaData/MetaField</c>. After a name, <c>[0]</c> is one of a
/// list, <c>[*]</c> all of it (so is nothing), <c>[Name=Brand]</c> those whose member has this value. Attributes of XML are
/// <c>@name</c>, the text of an element that has attributes <c>#text</c>. A name with such signs stands in <c>'…'</c>.
/// <c>^</c> before a path looks in the row around a nested one.
/// </remarks>
sealed record Field(int Index, string Path, IReadOnlyList<FieldStep> Steps, bool IsOfParent)
{
    public const int MaxSteps = 20;

    /// <summary>Null where the path is none.</summary>
    public static Field? Parse(int index, string path, bool isFlat)
    {
        var isOfParent = path.StartsWith('^');
        var text = isOfParent ? path[1..] : path;
        if (text.Length is 0 or > 300)
            return null;
        if (isFlat)
            return new(index, path, [new(text, Encoding.UTF8.GetBytes(text), null, null, null)], isOfParent);
        List<FieldStep> steps = [];
        for (var rest = text.AsSpan(); rest.Length > 0; )
        {
            if (Step(ref rest) is not { } step || steps.Count == MaxSteps)
                return null;
            steps.Add(step);
            if (rest.Length == 0)
                break;
            if (rest[0] is not ('.' or '/') || rest.Length == 1)
                return null;
            rest = rest[1..];
        }
        return new(index, path, steps, isOfParent);
    }

    static FieldStep? Step(ref ReadOnlySpan<char> rest)
    {
        string name;
        if (rest[0] == '\'')
        {
            var close = rest[1..].IndexOf('\'');
            if (close < 1)
                return null;
            name = rest.Slice(1, close).ToString();
            rest = rest[(close + 2)..];
        }
        else
        {
            var end = rest.IndexOfAny('.', '/', '[');
            name = (end < 0 ? rest : rest[..end]).ToString();
            rest = end < 0 ? default : rest[end..];
        }
        if (name.Length == 0)
            return null;
        var bytes = Encoding.UTF8.GetBytes(name);
        if (rest.Length == 0 || rest[0] != '[')
            return new(name, bytes, null, null, null);
        var closing = rest.IndexOf(']');
        if (closing < 2)
            return null;
        var inside = rest[1..closing].ToString();
        rest = rest[(closing + 1)..];
        if (inside == "*")
            return new(name, bytes, null, null, null);
        if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            return new(name, bytes, at, null, null);
        var equals = inside.IndexOf('=', StringComparison.Ordinal);
        return equals < 1
            ? null
            : new(name, bytes, null, Encoding.UTF8.GetBytes(inside[..equals]), inside[(equals + 1)..].Trim('\''));
    }
}

/// <param name="At">One of a list, from 0.</param>
/// <param name="Where">Only those with a member of this name …</param>
/// <param name="Is">… and this value.</param>
sealed record FieldStep(string Name, byte[] Utf8, int? At, byte[]? Where, string? Is);
