namespace Kontor.Search;

/// <summary>The words of a text as queries know them: for those who keep words to compare queries with.</summary>
public static class SearchWords
{
    /// <summary>Each word in small letters and without accents, in order, as <see cref="SearchQuery.Synonyms"/> has them.</summary>
    public static IReadOnlyList<string> Of(string text, int most = SearchQuery.MaxWords)
    {
        var words = new List<Languages.Word>();
        Languages.TextWords.Split(text, most, words);
        return [.. words.Select(word => Languages.Tongue.SurfaceOf(text.AsSpan(word.Start, word.Length)))];
    }
}
