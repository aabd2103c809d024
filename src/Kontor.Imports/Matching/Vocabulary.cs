using System.Runtime.InteropServices;

namespace Kontor.Imports.Matching;

/// <summary>All words of the articles at hand and how rare each is: a rare word tells more. Nothing is learned beforehand.</summary>
sealed class Vocabulary
{
    readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    readonly List<string> words = [];
    readonly List<int> articles = [];

    double[] weights = [];
    int all;

    public int Count => words.Count;

    public int Number(string word)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, word, out var known);
        if (!known)
        {
            number = words.Count;
            words.Add(word);
            articles.Add(0);
        }
        return number;
    }

    public int[] Distinct(IEnumerable<string> some)
    {
        var distinct = some.Select(Number).ToArray();
        Array.Sort(distinct);
        var count = 0;
        foreach (var number in distinct)
            if (count == 0 || distinct[count - 1] != number)
                distinct[count++] = number;
        return distinct[..count];
    }

    public void Met(ReadOnlySpan<int> some)
    {
        foreach (var number in some)
            articles[number]++;
    }

    /// <summary>To be said once, when all articles have been met.</summary>
    public void Weigh(int articlesInAll)
    {
        all = articlesInAll;
        weights = new double[words.Count];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Log(1 + (double)all / Math.Max(1, articles[i]));
    }

    public string Word(int number) => words[number];

    public double Weight(int number) => weights[number];

    /// <summary>1 for a word that two articles have, less for one that many have.</summary>
    public double Rarity(int number) => Math.Min(1, weights[number] / Math.Log(1 + all / 2d));

    public double Squares(ReadOnlySpan<int> some)
    {
        var sum = 0d;
        foreach (var number in some)
            sum += weights[number] * weights[number];
        return sum;
    }
}
