using System.Text.RegularExpressions;

namespace Kontor.Catalog;

/// <summary>The form of the names that owners give to things: keys and SKUs.</summary>
static partial class KeyForm
{
    public const string Rule = "1 to 100 letters, digits, '.', '_', ':' or '-', the first a letter or digit.";

    public static bool Fits(string? key) => key is not null && Form.IsMatch(key);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form { get; }
}
