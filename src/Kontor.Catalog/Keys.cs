using System.Text.RegularExpressions;

namespace Kontor.Catalog;

/// <summary>The form of the names that owners give to what is theirs: products, SKUs, categories, product types.</summary>
static partial class Keys
{
    public const string Rule = "1 to 100 letters, digits, '.', '_', ':' or '-', the first a letter or digit.";

    public static bool Is(string? key) => key is not null && Form.IsMatch(key);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form { get; }
}
