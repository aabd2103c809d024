using System.Globalization;
using Kontor.Catalog.Prices;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Places;

/// <summary>The order of the products in a category: those that have a place first, by it, then the others, oldest first.</summary>
static class CategoryOrder
{
    public const int MaxPlaced = 1_000;

    /// <summary>Of a product without a place: it comes after all that have one.</summary>
    public const int Unplaced = int.MaxValue;

    /// <summary>$1 the category's key, $2 and $3 place and id of the last product of the page before, $4 how many; $5 to $7 who
    /// looks.</summary>
    internal static readonly string Sql = $"""
        select pc.position, p.id
        from product_categories pc join products p on p.id = pc.product
        where pc.category = (select id from categories where key = $1) and (pc.position, pc.product) > ($2, $3)
        and ($7 or {Visible.Shown("$5::text", "coalesce($6::timestamptz, now())")})
        order by pc.position, pc.product limit $4
        """;

    /// <summary>Ids of a page of the products in a category that somebody sees, with the cursor of the next one.</summary>
    public static async Task<Result<Page<Guid>>> Page(
        NpgsqlConnection connection,
        string category,
        string? after,
        int limit,
        PriceContext looking,
        CancellationToken stop
    )
    {
        var (place, last) = (0, Guid.Empty);
        if (after is not null)
        {
            if (!Cursor.Read(after, 2).Is(out var values, out var rejection))
                return rejection;
            if (
                !int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out place)
                || !Guid.TryParseExact(values[1], "D", out last)
            )
                return Refusals.InvalidCursor;
        }
        await using var find = new NpgsqlCommand(Sql, connection).With(
            category,
            place,
            last,
            limit + 1,
            looking.Channel,
            looking.At,
            looking.Everything
        );
        var found = new List<(int Place, Guid Id)>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add((reader.GetInt32(0), reader.GetGuid(1)));
        var page = found.Take(limit).ToList();
        return new Page<Guid>(
            [.. page.Select(one => one.Id)],
            found.Count > limit
                ? Cursor.Write(page[^1].Place.ToString(CultureInfo.InvariantCulture), page[^1].Id.ToString())
                : null
        );
    }
}
