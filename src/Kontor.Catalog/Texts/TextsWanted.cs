using Kontor.Kernel;

namespace Kontor.Catalog.Texts;

/// <summary>A merge patch of a product's texts (RFC 7396): what is left out stays, null takes away.</summary>
sealed record TextsWanted(
    Optional<string?> Body,
    Optional<SeoRequest?> Seo,
    Optional<IReadOnlyDictionary<string, TranslationRequest?>?> Translations
)
{
    const int MaxTitle = 300;
    const int MaxDescription = 20_000;
    const int MaxSeoTitle = 200;
    const int MaxSeoDescription = 500;

    /// <summary>The texts as they are to stand, with what is wrong with them and what was taken out of them.</summary>
    public ProductTexts On(ProductTexts standing)
    {
        var reading = new Reading();
        var texts = new ProductTexts(
            reading.Body("body", Body, standing.Body),
            reading.Seo("seo", Seo, standing.Seo),
            Merged(standing.Translations ?? ProductTexts.NoTranslations, reading)
        );
        return texts with { Faults = reading.Faults, Removed = reading.Removed.Count == 0 ? null : reading.Removed };
    }

    SortedDictionary<string, Translation>? Merged(IReadOnlyDictionary<string, Translation> standing, Reading reading)
    {
        var merged = new SortedDictionary<string, Translation>(StringComparer.Ordinal);
        if (Translations is not { IsSet: true, Value: null })
            foreach (var (locale, translation) in standing)
                merged.Add(locale, translation);
        if (Translations.Value?.Count > 2 * ProductTexts.MaxLocales)
            reading.Wrong("translations", $"At most {ProductTexts.MaxLocales} languages.");
        else
            foreach (var (locale, (tag, wanted)) in reading.Locales(Translations.Value))
                if (
                    reading.Translation($"translations.{tag}", wanted, merged.GetValueOrDefault(locale)) is
                    { } translation
                )
                    merged[locale] = translation;
                else
                    merged.Remove(locale);
        reading.Check(
            merged.Count <= ProductTexts.MaxLocales,
            "translations",
            $"At most {ProductTexts.MaxLocales} languages."
        );
        reading.Check(
            merged.Values.Sum(translation => translation.Length) <= ProductTexts.MaxTogether,
            "translations",
            $"At most {ProductTexts.MaxTogether} characters in all."
        );
        return merged.Count == 0 ? null : merged;
    }

    /// <summary>Reads texts one by one and gathers what is to be told of them.</summary>
    sealed class Reading
    {
        public List<(string Path, string Reason)> Faults { get; } = [];

        public SortedDictionary<string, IReadOnlyList<string>> Removed { get; } = new(StringComparer.Ordinal);

        public void Wrong(string path, string reason) => Faults.Add((path, reason));

        public void Check(bool right, string path, string reason)
        {
            if (!right)
                Wrong(path, reason);
        }

        /// <summary>Translations by the canonical tags of their languages, with the tags as they were written.</summary>
        public Dictionary<string, (string Tag, TranslationRequest? Wanted)> Locales(
            IReadOnlyDictionary<string, TranslationRequest?>? wanted
        )
        {
            var read = new Dictionary<string, (string, TranslationRequest?)>(StringComparer.Ordinal);
            foreach (
                var (tag, translation) in wanted ?? new Dictionary<string, TranslationRequest?>(StringComparer.Ordinal)
            )
                if (Locale.Canonical(tag) is not { } locale)
                    Wrong($"translations.{tag}", Locale.Rule);
                else if (!read.TryAdd(locale, (tag, translation)))
                    Wrong($"translations.{tag}", $"{locale} is named more than once.");
            return read;
        }

        public Translation? Translation(string path, TranslationRequest? wanted, Translation? standing)
        {
            if (wanted is null)
                return null;
            var was = standing ?? Texts.Translation.None;
            var (title, description) = (wanted.Title.Or(was.Title), wanted.Description.Or(was.Description));
            Line($"{path}.title", title, MaxTitle);
            Check(
                description is null || description.Length <= MaxDescription,
                $"{path}.description",
                $"At most {MaxDescription} characters."
            );
            var translation = new Translation(
                title,
                description,
                Body($"{path}.body", wanted.Body, was.Body),
                Seo($"{path}.seo", wanted.Seo, was.Seo)
            );
            return translation == Texts.Translation.None ? null : translation;
        }

        public string? Body(string path, Optional<string?> wanted, string? standing)
        {
            // What stands was cleaned when it was written.
            if (wanted.Or(standing) is not { } given || given == standing)
                return wanted.Or(standing);
            var cleaned = RichText.Clean(given);
            if (cleaned.Fault is { } fault)
                Wrong(path, fault);
            if (cleaned.Removed.Count > 0)
                Removed[path] = cleaned.Removed;
            return cleaned.Html;
        }

        public Seo? Seo(string path, Optional<SeoRequest?> wanted, Seo? standing)
        {
            var seo =
                !wanted.IsSet ? standing
                : wanted.Value is { } patch ? patch.On(standing)
                : null;
            Line($"{path}.title", seo?.Title, MaxSeoTitle);
            Line($"{path}.description", seo?.Description, MaxSeoDescription);
            return seo;
        }

        void Line(string path, string? text, int maxLength) =>
            Check(text is null || PlainText.IsLine(text, maxLength), path, PlainText.RuleOf(maxLength));
    }
}
