using System.Collections.Frozen;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;

namespace Kontor.Search.Languages;

/// <summary>A language by its analyser in Lucene.Net.Analysis.Common: stop words and stemming, one word at a time.</summary>
/// <remarks>Lucene sees single words only and the index remembers what it said, so that its speed, and what of it is kept by
/// thread, matter little.</remarks>
sealed class StemmedLanguage(Analyzer analyser) : ILanguage
{
    const LuceneVersion Version = LuceneVersion.LUCENE_48;
    readonly Lock gate = new();

    static readonly FrozenDictionary<string, Func<Analyzer>> Analysers = new Dictionary<string, Func<Analyzer>>(
        StringComparer.Ordinal
    )
    {
        ["ar"] = () => new Lucene.Net.Analysis.Ar.ArabicAnalyzer(Version),
        ["bg"] = () => new Lucene.Net.Analysis.Bg.BulgarianAnalyzer(Version),
        ["ca"] = () => new Lucene.Net.Analysis.Ca.CatalanAnalyzer(Version),
        ["cs"] = () => new Lucene.Net.Analysis.Cz.CzechAnalyzer(Version),
        ["da"] = () => new Lucene.Net.Analysis.Da.DanishAnalyzer(Version),
        ["de"] = () => new Lucene.Net.Analysis.De.GermanAnalyzer(Version),
        ["en"] = () => new Lucene.Net.Analysis.En.EnglishAnalyzer(Version),
        ["es"] = () => new Lucene.Net.Analysis.Es.SpanishAnalyzer(Version),
        ["fi"] = () => new Lucene.Net.Analysis.Fi.FinnishAnalyzer(Version),
        ["fr"] = () => new Lucene.Net.Analysis.Fr.FrenchAnalyzer(Version),
        ["hu"] = () => new Lucene.Net.Analysis.Hu.HungarianAnalyzer(Version),
        ["it"] = () => new Lucene.Net.Analysis.It.ItalianAnalyzer(Version),
        ["lv"] = () => new Lucene.Net.Analysis.Lv.LatvianAnalyzer(Version),
        ["nb"] = () => new Lucene.Net.Analysis.No.NorwegianAnalyzer(Version),
        ["nl"] = () => new Lucene.Net.Analysis.Nl.DutchAnalyzer(Version),
        ["nn"] = () => new Lucene.Net.Analysis.No.NorwegianAnalyzer(Version),
        ["no"] = () => new Lucene.Net.Analysis.No.NorwegianAnalyzer(Version),
        ["pt"] = () => new Lucene.Net.Analysis.Pt.PortugueseAnalyzer(Version),
        ["ro"] = () => new Lucene.Net.Analysis.Ro.RomanianAnalyzer(Version),
        ["ru"] = () => new Lucene.Net.Analysis.Ru.RussianAnalyzer(Version),
        ["sv"] = () => new Lucene.Net.Analysis.Sv.SwedishAnalyzer(Version),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The languages that are stemmed. Not Greek and Turkish: their analysers ask for a culture, and this program has
    /// the invariant one only.</summary>
    public static IEnumerable<string> All => Analysers.Keys;

    /// <summary>A language by the first part of its tag; null where it has no stemmer.</summary>
    public static ILanguage? Of(string language) =>
        Analysers.TryGetValue(language, out var make) ? new StemmedLanguage(make()) : null;

    public string? Stem(string word)
    {
        // One thread at a time: what Lucene keeps by thread would stay for each thread of the pool.
        lock (gate)
        {
            using var tokens = analyser.GetTokenStream("", word);
            var term = tokens.GetAttribute<ICharTermAttribute>();
            tokens.Reset();
            var stem = tokens.IncrementToken() ? term.ToString() : null;
            tokens.End();
            return stem;
        }
    }
}
