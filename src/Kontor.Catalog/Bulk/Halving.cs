namespace Kontor.Catalog.Bulk;

/// <summary>Writes lines together; where one of them is refused, each half of them, until the few that are refused stand alone.</summary>
static class Halving
{
    /// <summary>So many tries may fail, then every line is tried alone: where most are refused, halving finds nothing.</summary>
    const int FailedTries = 64;

    /// <param name="together">Null, and nothing written, where one of them is refused.</param>
    public static async Task<List<BulkLine>> Of<T>(
        IReadOnlyList<T> lines,
        Func<IReadOnlyList<T>, Task<IEnumerable<BulkLine>?>> together,
        Func<T, Task<BulkLine>> alone
    )
    {
        var told = new List<BulkLine>(lines.Count);
        var open = new Stack<(int From, int Count)>([(0, lines.Count)]);
        for (var failed = 0; open.TryPop(out var part); )
        {
            if (part.Count > 1 && failed < FailedTries)
                if (await together([.. lines.Skip(part.From).Take(part.Count)]) is { } written)
                    told.AddRange(written);
                else
                {
                    failed++;
                    var half = part.Count / 2;
                    open.Push((part.From + half, part.Count - half));
                    open.Push((part.From, half));
                }
            else
                for (var i = part.From; i < part.From + part.Count; i++)
                    told.Add(await alone(lines[i]));
        }
        return told;
    }
}
