using System.Globalization;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Search;

/// <summary>Search by PostgreSQL's full text: title before description, a SKU typed whole before both.</summary>
/// <remarks>Pages go by rank, then id, so a page never repeats or skips a product whose rank stays. The rank is a float4,
/// whose shortest decimal form gives it back exactly.</remarks>
sealed class FullTextSearch(CatalogDatabase database) : IProductSearch
{
    /// <summary>$1 whole words as websearch_to_tsquery reads them, $2 the beginning of a word or '', $3 the whole query,
    /// $4 and $5 rank and id of the last product of the page before, $6 how many; $7 to $9 who looks.</summary>
    internal static readonly string Sql = $"""
        with wanted as (
            select websearch_to_tsquery('simple', $1) && case when $2 = '' then ''::tsquery else to_tsquery('simple', $2 || ':*') end as words
        ), named as (
            select p.id from variants v join products p on p.id = v.product where v.sku = $3 and {Seen}
        ), hits as (
            select id, 2::real as rank from named
            union all
            select p.id, ts_rank(p.search, wanted.words) from products p, wanted
            where p.search @@ wanted.words and {Seen} and p.id not in (select id from named)
        )
        select id, rank from hits
        where $4::real is null or rank < $4::real or (rank = $4::real and id > $5::uuid)
        order by rank desc, id limit $6
        """;

    static string Seen => $"($9 or {Visible.Shown("$7::text", "coalesce($8::timestamptz, now())")})";

    const NumberStyles RankForm = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public async Task<Result<Page<Guid>>> Find(
        string query,
        int limit,
        string? after,
        Looking looking,
        CancellationToken stop
    )
    {
        float? rank = null;
        var last = Guid.Empty;
        if (after is not null)
        {
            if (!Cursor.Read(after, 2).Is(out var values, out var rejection))
                return rejection;
            if (
                !float.TryParse(values[0], RankForm, CultureInfo.InvariantCulture, out var read)
                || !float.IsFinite(read)
                || !Guid.TryParseExact(values[1], "D", out last)
            )
                return Refusals.InvalidCursor;
            rank = read;
        }
        var (words, beginning) = Split(query);
        await using var find = database
            .Source.CreateCommand(Sql)
            .With(
                words,
                beginning,
                query.Trim(),
                (object?)rank ?? DBNull.Value,
                last,
                limit + 1,
                looking.Channel,
                looking.At,
                looking.Everything
            );
        var found = new List<(Guid Id, float Rank)>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add((reader.GetGuid(0), reader.GetFloat(1)));
        return PageOf(found, limit);
    }

    /// <summary>The whole words of a query and the word that may be just begun: its last letters and digits. A query with
    /// quotes, a minus or an "or" means what it says, and has no such word.</summary>
    internal static (string Words, string Beginning) Split(string query)
    {
        var end = query.Length;
        while (end > 0 && char.IsLetterOrDigit(query[end - 1]))
            end--;
        var isPlain =
            !query.Contains('"', StringComparison.Ordinal)
            && !query.StartsWith('-')
            && !query.Contains(" -", StringComparison.Ordinal)
            && !query.Contains(" or ", StringComparison.OrdinalIgnoreCase);
        return isPlain ? (query[..end], query[end..]) : (query, "");
    }

    static Page<Guid> PageOf(List<(Guid Id, float Rank)> found, int limit) =>
        new(
            [.. found.Take(limit).Select(hit => hit.Id)],
            found.Count > limit
                ? Cursor.Write(
                    found[limit - 1].Rank.ToString("R", CultureInfo.InvariantCulture),
                    found[limit - 1].Id.ToString()
                )
                : null
        );
}
