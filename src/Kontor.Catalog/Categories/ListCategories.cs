using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Texts;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Categories;

/// <summary>Lists the categories by key, and shows one.</summary>
static class ListCategories
{
    public static void Map(IEndpointRouteBuilder categories)
    {
        categories
            .MapGet("", Handle)
            .WithName("listCategories")
            .WithSummary("Lists categories by key")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.LocaleMalformed,
                Refusals.InvalidCursor,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );
        categories
            .MapGet("/{category}", HandleOne)
            .WithName("getCategory")
            .WithSummary("Shows a category")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.CategoryNotFound,
                Rejections.LocaleMalformed,
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden
            );
    }

    static async Task<Reply<IReadOnlyList<CategoryView>>> Handle(
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null,
        string? view = null
    )
    {
        var last = "";
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            last = values[0];
        }
        if ((locale.Read(out var chain) ?? StaffView.Refusal(view, http.User)) is { } refusal)
            return refusal;
        await using var find = database
            .Source.CreateCommand($"{Select(view)} where c.key > $2 order by c.key limit $3")
            .With(chain?.Locales.ToArray(), last, limit + 1);
        var all = await Read(find, chain, stop);
        var page = all.Take(limit).ToList();
        http.Tell(chain, page.Select(category => category.Locale).OfType<string>());
        return Reply<IReadOnlyList<CategoryView>>.Of(page, next: all.Count > limit ? Cursor.Write(page[^1].Key) : null);
    }

    static async Task<Reply<CategoryView>> HandleOne(
        string category,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop,
        string? view = null
    )
    {
        if ((locale.Read(out var chain) ?? StaffView.Refusal(view, http.User)) is { } refusal)
            return refusal;
        await using var find = database
            .Source.CreateCommand($"{Select(view)} where c.key = $2")
            .With(chain?.Locales.ToArray(), category);
        if (await Read(find, chain, stop) is not [var found])
            return Rejections.CategoryNotFound;
        http.Tell(chain, [found.Locale ?? ""]);
        return Reply<CategoryView>.Of(found, version: found.Version);
    }

    /// <summary>$1 the languages wanted, most wanted first.</summary>
    static string Select(string? view) =>
        $"""
            select c.key, c.title, p.key, c.position, c.version, {TextColumn.Chosen("c.translations", "$1")}::text,
                {(view is null ? "null" : "c.translations::text")}
            from categories c left join categories p on p.id = c.parent
            """;

    static async Task<List<CategoryView>> Read(NpgsqlCommand find, LocaleChain? chain, CancellationToken stop)
    {
        var found = new List<CategoryView>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            var row = new TitleRow(reader.GetString(1), CategoryTitles.Of(Text(5)));
            var title = chain is null ? new(row.Title, "") : row.In(chain);
            found.Add(
                new(
                    reader.GetString(0),
                    title.Text,
                    Text(2),
                    reader.GetInt32(3),
                    reader.GetInt64(4),
                    CategoryTitles.Of(Text(6)),
                    chain is null ? null : title.Locale
                )
            );
        }
        return found;
    }
}
