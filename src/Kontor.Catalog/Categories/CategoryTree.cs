using Kontor.Catalog.Products;
using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Catalog.Categories;

/// <summary>The rules that keep the categories a tree.</summary>
static class CategoryTree
{
    /// <summary>Levels. Each takes two of the 32 that JSON may be deep here, and the answer around them takes two.</summary>
    public const int MaxDepth = 15;
    public const string TitleRule = "1 to 200 characters, none of them a control character, and no markup.";

    public static bool IsTitle(string? title) => title?.Length <= 200 && Product.IsTitle(title);

    /// <summary>Nobody else moves or adds categories until the end; products come and go meanwhile.</summary>
    /// <remarks>Two moves that are right alone close a ring together, and no lock of their rows tells them of each other.</remarks>
    public static async Task Hold(Work work, CancellationToken stop)
    {
        await using var hold = work.Command("lock table categories in share row exclusive mode");
        await hold.ExecuteNonQueryAsync(stop);
    }

    public static async Task<CategoryView?> Lock(Work work, string key, CancellationToken stop)
    {
        await using var find = work.Command(
            """
            select c.title, (select p.key from categories p where p.id = c.parent), c.position, c.version,
                c.translations::text
            from categories c where c.key = $1 for update
            """,
            key
        );
        await using var reader = await find.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop)
            ? new(
                key,
                reader.GetString(0),
                reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.GetInt32(2),
                reader.GetInt64(3),
                CategoryTitles.Of(reader.GetString(4))
            )
            : null;
    }

    /// <summary>Why a category, there or to come, cannot stand under this parent; null where it can.</summary>
    public static async Task<Rejection?> Refusal(Work work, string key, string parent, CancellationToken stop)
    {
        await using var look = work.Command(
            $"""
            with recursive above as (
                select id, key, parent, 1 as depth from categories where key = $2
                union all
                select c.id, c.key, c.parent, a.depth + 1 from categories c join above a on c.id = a.parent
                where a.depth <= {MaxDepth}
            ), below as (
                select id, 1 as depth from categories where key = $1
                union all
                select c.id, b.depth + 1 from categories c join below b on c.parent = b.id where b.depth <= {MaxDepth}
            )
            select (select max(depth) from above), exists (select from above where key = $1),
                coalesce((select max(depth) from below), 1)
            """,
            key,
            parent
        );
        await using var reader = await look.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        if (reader.IsDBNull(0))
            return Rejections.UnknownCategory.At("parent", $"'{parent}' does not exist.");
        if (reader.GetBoolean(1))
            return Rejections.CategoryCircular.At("parent", $"'{parent}' is '{key}' itself or stands below it.");
        return reader.GetInt32(0) + reader.GetInt32(2) > MaxDepth
            ? Rejections.CategoryTooDeep.At("parent", $"Under '{parent}' there would be more than {MaxDepth} levels.")
            : null;
    }
}
