namespace Kontor.Catalog.Stock;

/// <summary>How far a demand may be taken apart.</summary>
static class Splits
{
    /// <summary>All of it comes from one location.</summary>
    public const string None = "none";

    /// <summary>Each line comes from one location.</summary>
    public const string Lines = "lines";

    /// <summary>A line may come from several.</summary>
    public const string Pieces = "pieces";

    public static readonly IReadOnlyList<string> All = [None, Lines, Pieces];
}

/// <summary>The rule: from where a demand takes its pieces; all of it or none. No I/O, and it changes no row.</summary>
/// <remarks>
/// Locations are asked in their order; pieces that are there go before a promise of pieces to come.
/// 1. One location that has all of the demand there. 2. If it may not be taken apart: one that may promise all of it.
/// 3. Else line by line: one location that has it there; several, if it may be split; one that may promise it; several.
/// </remarks>
sealed class Allocation(ILookup<string, StockRow> rows, string split, DateTimeOffset now)
{
    /// <param name="missing">Takes the SKUs that are short; then nothing is taken.</param>
    public List<HeldLine> Of(IReadOnlyDictionary<string, long> demand, List<string> missing)
    {
        if (demand.Count > 1 && FromOne(demand, There) is { } there)
            return there;
        if (split == Splits.None)
            return FromOne(demand, There) ?? FromOne(demand, Promised) ?? Nothing(demand, missing);
        var taken = new List<HeldLine>(demand.Count);
        foreach (var (sku, quantity) in demand)
            if (!Take(rows[sku], quantity, taken))
                missing.Add(sku);
        return taken;
    }

    static long There(StockRow row) => row.Level.Free;

    long Promised(StockRow row) => row.Level.Available(now);

    static HeldLine Line(StockRow row, long quantity) => new(row.Variant, row.Location, row.Sku, quantity);

    List<HeldLine>? FromOne(IReadOnlyDictionary<string, long> demand, Func<StockRow, long> has)
    {
        foreach (var location in rows[demand.Keys.First()].Select(row => row.Location))
        {
            var taken = new List<HeldLine>(demand.Count);
            foreach (var (sku, quantity) in demand)
                if (rows[sku].FirstOrDefault(r => r.Location == location) is { } row && has(row) >= quantity)
                    taken.Add(Line(row, quantity));
            if (taken.Count == demand.Count)
                return taken;
        }
        return null;
    }

    /// <summary>Where no line is short alone, all are: no location has them together.</summary>
    List<HeldLine> Nothing(IReadOnlyDictionary<string, long> demand, List<string> missing)
    {
        missing.AddRange(
            demand.Where(line => !rows[line.Key].Any(row => Promised(row) >= line.Value)).Select(l => l.Key)
        );
        if (missing.Count == 0)
            missing.AddRange(demand.Keys);
        return [];
    }

    bool Take(IEnumerable<StockRow> places, long quantity, List<HeldLine> taken)
    {
        var mayPart = split == Splits.Pieces;
        if (places.FirstOrDefault(row => There(row) >= quantity) is { } there)
            taken.Add(Line(there, quantity));
        else if (mayPart && places.Sum(row => Math.Max(0, There(row))) >= quantity)
            Part(places, quantity, onlyThere: true, taken);
        else if (places.FirstOrDefault(row => Promised(row) >= quantity) is { } promised)
            taken.Add(Line(promised, quantity));
        else if (mayPart && places.Sum(row => Math.Max(0, Promised(row))) >= quantity)
            Part(places, quantity, onlyThere: false, taken);
        else
            return false;
        return true;
    }

    /// <summary>From several in their order: first what is there, then, if that may be, what is promised.</summary>
    void Part(IEnumerable<StockRow> places, long quantity, bool onlyThere, List<HeldLine> taken)
    {
        var parts = places.Select(row => (Row: row, Pieces: 0L)).ToArray();
        foreach (var most in onlyThere ? [There] : (Func<StockRow, long>[])[There, Promised])
            for (var i = 0; i < parts.Length && quantity > 0; i++)
            {
                var more = Math.Clamp(most(parts[i].Row) - parts[i].Pieces, 0, quantity);
                parts[i].Pieces += more;
                quantity -= more;
            }
        taken.AddRange(parts.Where(part => part.Pieces > 0).Select(part => Line(part.Row, part.Pieces)));
    }
}
