using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kontor.Journal;

/// <summary>A place in one service's journal, opaque to clients.</summary>
/// <remarks>Three forms: <c>catalog:0</c>, the beginning; <c>catalog:1f2e3d4c.42</c>, after sequence 42 of that
/// incarnation (readers have it); <c>catalog:1f2e3d4c~97</c>, after the event of insertion id 97 (writers have it,
/// before the event is numbered).</remarks>
public readonly record struct Position(string Topic, string Incarnation, long Number, bool IsInsertion)
{
    public static Position Beginning(string topic) => new(topic, "", 0, false);

    public override string ToString() =>
        Incarnation.Length == 0 ? $"{Topic}:0" : $"{Topic}:{Incarnation}{(IsInsertion ? '~' : '.')}{Number}";

    public static bool TryParse(string? text, [NotNullWhen(true)] out Position? position)
    {
        position = null;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (text is null || text.Length > 100 || colon < 1 || !text.AsSpan(0, colon).ContainsOnlyLower())
            return false;

        var topic = text[..colon];
        var rest = text.AsSpan(colon + 1);
        if (rest is "0")
        {
            position = Beginning(topic);
            return true;
        }
        var cut = rest.IndexOfAny('.', '~');
        if (cut is < 1 or > 32 || !rest[..cut].ContainsOnlyHex() || !Whole(rest[(cut + 1)..], out var number))
            return false;
        position = new(topic, rest[..cut].ToString(), number, rest[cut] == '~');
        return true;
    }

    static bool Whole(ReadOnlySpan<char> digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

static class PositionLetters
{
    static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    extension(ReadOnlySpan<char> letters)
    {
        public bool ContainsOnlyLower() => !letters.ContainsAnyExceptInRange('a', 'z');

        public bool ContainsOnlyHex() => !letters.ContainsAnyExcept(Hex);
    }
}
