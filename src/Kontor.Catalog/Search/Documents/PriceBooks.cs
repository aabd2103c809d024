using Kontor.Search;

namespace Kontor.Catalog.Search.Documents;

/// <summary>A price row as far as it decides, its list's conditions already among its own.</summary>
/// <param name="Rank">The highest that applies wins; a base price has 0.</param>
readonly record struct PriceRow(string Currency, long Amount, long Rank, PriceFor For);

/// <summary>For whom a price is, and who asks for one: null names nothing.</summary>
readonly record struct PriceFor(string? Country, string? Channel, string? CustomerGroup)
{
    /// <summary>Whether a price for these is one for those who ask so.</summary>
    public bool Applies(PriceFor asked) =>
        (Country is null || Country == asked.Country)
        && (Channel is null || Channel == asked.Channel)
        && (CustomerGroup is null || CustomerGroup == asked.CustomerGroup);

    /// <summary>Whoever both are for; null where nobody is.</summary>
    public PriceFor? And(PriceFor other) =>
        Meets(Country, other.Country) && Meets(Channel, other.Channel) && Meets(CustomerGroup, other.CustomerGroup)
            ? new(Country ?? other.Country, Channel ?? other.Channel, CustomerGroup ?? other.CustomerGroup)
            : null;

    static bool Meets(string? one, string? other) => one is null || other is null || one == other;
}

/// <summary>The prices of a variant as the index keeps them: a book for each currency and each combination of conditions.</summary>
/// <remarks>
/// A variant stands in the book of each combination that some of its prices together name. Of those combinations that hold
/// for who asks, one holds all the others: the prices that apply to it are those that apply to who asks, so its winner is
/// theirs. It names the most, so a query that names the eight books of its context, those that name more first, meets it
/// first. Winner.cs decides the same in SQL, and a test holds the two together.
/// </remarks>
static class PriceBooks
{
    /// <summary>Of a variant and a currency. Thousands of prices for single countries, channels and groups would make
    /// millions of combinations; beyond these the index shows what the more general ones cost.</summary>
    public const int MostCombinations = 1_000;

    public static string NameOf(string currency, PriceFor who) =>
        $"{currency}|{who.Country}|{who.Channel}|{who.CustomerGroup}";

    /// <summary>The books that a query names, those that name more first.</summary>
    public static IReadOnlyList<string> Asked(string currency, PriceFor who)
    {
        var books = new List<(int Named, string Book)>();
        for (var kept = 7; kept >= 0; kept--)
        {
            var part = new PriceFor(
                (kept & 1) != 0 ? who.Country : null,
                (kept & 2) != 0 ? who.Channel : null,
                (kept & 4) != 0 ? who.CustomerGroup : null
            );
            books.Add((Count(part), NameOf(currency, part)));
        }
        return
        [
            .. books.OrderByDescending(book => book.Named).Select(book => book.Book).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <param name="rows">Those that hold now, at quantity 1.</param>
    public static IReadOnlyList<BookPrice> Of(IReadOnlyList<PriceRow> rows)
    {
        if (rows.Count == 0)
            return [];
        if (rows is [{ For: { Country: null, Channel: null, CustomerGroup: null } } only])
            return [new(NameOf(only.Currency, default), only.Amount)];
        var books = new List<BookPrice>();
        foreach (var currency in rows.GroupBy(row => row.Currency, StringComparer.Ordinal))
        {
            var ranked = currency.OrderByDescending(row => row.Rank).ToList();
            foreach (var who in Combinations(ranked))
                if (ranked.FindIndex(row => row.For.Applies(who)) is var winner and >= 0)
                    books.Add(new(NameOf(currency.Key, who), ranked[winner].Amount));
        }
        return books;
    }

    static HashSet<PriceFor> Combinations(List<PriceRow> rows)
    {
        var met = new HashSet<PriceFor> { default };
        foreach (var named in rows.Select(row => row.For).Distinct().OrderBy(Count))
        foreach (var other in met.ToList())
            if (met.Count < MostCombinations && named.And(other) is { } both)
                met.Add(both);
        return met;
    }

    static int Count(PriceFor who) =>
        (who.Country is null ? 0 : 1) + (who.Channel is null ? 0 : 1) + (who.CustomerGroup is null ? 0 : 1);
}
