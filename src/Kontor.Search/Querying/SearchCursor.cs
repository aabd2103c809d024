using System.Globalization;
using System.Text;

namespace Kontor.Search;

/// <summary>The last product of a page, by what it was sorted by: another process can go on from it.</summary>
/// <param name="Pin">Its place among the pins; beyond them where it is none.</param>
/// <param name="IsUnavailable">Whether it stood among those that come last.</param>
/// <param name="Key">Its number in the order; less comes first.</param>
/// <param name="IsText">Whether the order is by text.</param>
/// <param name="Text">Its text in such an order; null where it has none.</param>
public sealed record SearchCursor(int Pin, bool IsUnavailable, long Key, bool IsText, string? Text, Guid Id)
{
    const int MaxLength = 4_000;

    /// <summary>As letters, digits, '-' and '_'.</summary>
    public string Write()
    {
        var text = Text is null ? "" : "=" + Text;
        var written = string.Create(
            CultureInfo.InvariantCulture,
            $"{Pin}:{(IsUnavailable ? 1 : 0)}:{Key}:{(IsText ? 1 : 0)}:{Id:N}:{text}"
        );
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(written)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Null where it is no cursor.</summary>
    public static SearchCursor? Read(string written)
    {
        if (written.Length > MaxLength || Letters(written) is not { } letters)
            return null;
        var parts = letters.Split(':', 6);
        return
            parts.Length == 6
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pin)
            && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key)
            && Guid.TryParseExact(parts[4], "N", out var id)
            && parts[1] is "0" or "1"
            && parts[3] is "0" or "1"
            && (parts[5].Length == 0 || parts[5][0] == '=')
            ? new(pin, parts[1] == "1", key, parts[3] == "1", parts[5].Length == 0 ? null : parts[5][1..], id)
            : null;
    }

    static string? Letters(string written)
    {
        var padded = written.Replace('-', '+').Replace('_', '/');
        padded += new string('=', (4 - (padded.Length % 4)) % 4);
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var count)
            ? Encoding.UTF8.GetString(bytes.AsSpan(0, count))
            : null;
    }
}
