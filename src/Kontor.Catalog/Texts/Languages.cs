using Kontor.Kernel;
using Kontor.Platform;
using Microsoft.Extensions.Configuration;

namespace Kontor.Catalog.Texts;

/// <summary>The language that products and categories have their own texts in; translations are into others.</summary>
sealed record Languages(string Default)
{
    const string Setting = "Catalog:DefaultLocale";

    /// <exception cref="MisconfiguredException">It is no language tag.</exception>
    public static Languages From(IConfiguration configuration)
    {
        var written = configuration[Setting] is { Length: > 0 } set ? set : "en";
        return Locale.Canonical(written) is { } locale
            ? new(locale)
            : throw new MisconfiguredException(
                $"{Setting} is '{written}'; it must be a language tag of BCP 47, such as en, de-AT or zh-Hant-TW."
            );
    }

    /// <summary>Where texts are looked for when this language is wanted; null where it is none.</summary>
    public LocaleChain? ChainOf(string wanted) =>
        Locale.Canonical(wanted) is { } locale
            ? new([.. Locale.Widened(locale).Append(Default).Distinct(StringComparer.Ordinal)], Default)
            : null;

    /// <summary>A translation into the language of the own texts would stand beside them, and one of the two be lost.</summary>
    public Rejection? Refusal<T>(IReadOnlyDictionary<string, T?>? translations)
        where T : class
    {
        foreach (var (tag, translation) in translations ?? new Dictionary<string, T?>(StringComparer.Ordinal))
            if (translation is not null && Locale.Canonical(tag) == Default)
                return Rejections.TranslationOfDefault.At($"translations.{tag}", $"The own texts are in {Default}.");
        return null;
    }
}

/// <summary>Languages in the order in which a text is looked for: the one that is wanted, wider ones, at last the shop's
/// own.</summary>
/// <param name="Locales">None twice; the shop's own is among them.</param>
/// <param name="Default">The shop's own.</param>
sealed record LocaleChain(IReadOnlyList<string> Locales, string Default)
{
    /// <summary>Two that look for the same texts: fields of a document are read together by it.</summary>
    public bool Equals(LocaleChain? other) =>
        other is not null && Default == other.Default && Locales.SequenceEqual(other.Locales, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Default, Locales.Count, Locales[0]);

    /// <summary>The first text that there is; null where there is none.</summary>
    public LocalisedText? Choose(Func<string, string?> textIn)
    {
        foreach (var locale in Locales)
            if (textIn(locale) is { } text)
                return new(text, locale);
        return null;
    }

    /// <summary>Those of some languages that are in this chain, in its order, for Content-Language.</summary>
    public string? Told(IEnumerable<string> languages)
    {
        var met = languages.ToHashSet(StringComparer.Ordinal);
        return met.Count == 0 ? null : string.Join(", ", Locales.Where(met.Contains));
    }
}

/// <summary>A text with the language that it is in.</summary>
/// <param name="Text">The text.</param>
/// <param name="Locale">Its language, BCP 47.</param>
public sealed record LocalisedText(string Text, string Locale);
