using Kontor.Search.Languages;

namespace Kontor.Search.Tests;

/// <summary>A language small enough to be reckoned by hand: a last "s" is dropped, "the" and "of" say nothing.</summary>
sealed class ToyLanguage : ILanguage
{
    public const string Tag = "toy";

    public static ILanguage? Of(string tag) => tag == Tag ? new ToyLanguage() : null;

    public string? Stem(string word) => StemOf(word);

    public static string? StemOf(string word) =>
        word is "the" or "of" ? null
        : word.Length > 3 && word.EndsWith('s') ? word[..^1]
        : word;
}
