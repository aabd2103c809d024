namespace Kontor.Search.Languages;

/// <summary>What a language makes of its words. The seam at which another stemmer takes over.</summary>
public interface ILanguage
{
    /// <summary>What a word in lower case is kept and looked for as; null where it says nothing (the, of). Called by several
    /// threads at once, once for each word that is new to the index.</summary>
    string? Stem(string word);
}

/// <summary>Words as they are written.</summary>
sealed class AsWritten : ILanguage
{
    public static AsWritten Instance { get; } = new();

    public string Stem(string word) => word;
}
