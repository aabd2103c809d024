using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Products;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Categories;

/// <summary>A category as everybody may see it.</summary>
/// <param name="Parent">Its parent's key; absent at the top.</param>
/// <param name="Position">Its place among its siblings, lowest first.</param>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
/// <param name="Translations">Its title in other languages than the shop's own, by BCP 47 tag; only for staff.</param>
/// <param name="Locale">The language of the title; only where a locale was asked for.</param>
public sealed record CategoryView(
    string Key,
    string Title,
    string? Parent,
    int Position = 0,
    long Version = 1,
    IReadOnlyDictionary<string, CategoryTranslation>? Translations = null,
    string? Locale = null
)
{
    /// <summary>Where its texts were looked for.</summary>
    internal LocaleChain? Chain { get; init; }
}

/// <summary>Adds a category to the tree.</summary>
static class CreateCategory
{
    /// <param name="Key">1 to 100 letters, digits, '.', '_', ':' or '-'. Never changes.</param>
    /// <param name="Title">What it is called.</param>
    /// <param name="Parent">The key of its parent; left out: it stands at the top.</param>
    /// <param name="Translations">Its title in other languages than the shop's own, by BCP 47 tag, at most 50.</param>
    public sealed record Request(
        [property: Required] string Key,
        [property: Required, StringLength(200, MinimumLength = 1)] string Title,
        string? Parent = null,
        IReadOnlyDictionary<string, CategoryTranslationRequest?>? Translations = null
    );

    public static void Map(IEndpointRouteBuilder categories) =>
        categories
            .MapPost("", Handle)
            .WithName("createCategory")
            .WithSummary("Creates a category")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.TranslationOfDefault,
                Rejections.CategoryKeyTaken,
                Rejections.UnknownCategory,
                Rejections.CategoryTooDeep
            );

    static Task<Reply<CategoryView>> Handle(
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        Languages languages,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var translations = CategoryTitles.Merge(null, wanted.Translations, faults);
        var fault =
            languages.Refusal(wanted.Translations)
            ?? Fault(wanted)
            ?? (faults.Count > 0 ? Refusals.ValidationFailed with { Errors = faults } : null);
        return fault is not null
            ? Task.FromResult<Reply<CategoryView>>(fault)
            : http.Write(database, work => Store(work, wanted, translations, clock, stop), stop);
    }

    static Rejection? Fault(Request wanted)
    {
        if (!Product.IsKey(wanted.Key))
            return Refusals.ValidationFailed.At("key", Product.KeyRule);
        return CategoryTree.IsTitle(wanted.Title)
            ? null
            : Refusals.ValidationFailed.At("title", CategoryTree.TitleRule);
    }

    static async Task<Reply<CategoryView>> Store(
        Work work,
        Request wanted,
        IReadOnlyDictionary<string, CategoryTranslation>? translations,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        if (wanted.Parent is { } parent)
        {
            await CategoryTree.Hold(work, stop);
            if (await CategoryTree.Refusal(work, wanted.Key, parent, stop) is { } refusal)
                return refusal.Code == Rejections.CategoryCircular.Code ? Rejections.CategoryKeyTaken : refusal;
        }
        await using var insert = work.Command(
            """
            insert into categories (id, key, title, parent, translations)
            select $1, $2, $3, parent.id, $5::jsonb
            from (select $4::text as key) named left join categories parent on parent.key = named.key
            where named.key is null or parent.id is not null
            on conflict (key) do nothing returning key
            """,
            Id<CategoryView>.New(clock).Value,
            wanted.Key,
            wanted.Title,
            wanted.Parent,
            CategoryTitles.Json(translations)
        );
        if (await insert.ExecuteScalarAsync(stop) is null)
            return await Exists(work, wanted.Key, stop) ? Rejections.CategoryKeyTaken : Rejections.UnknownCategory;
        work.Happened(
            $"category-{wanted.Key}",
            new CategoryCreated(wanted.Key, wanted.Title, wanted.Parent, CategoryTitles.Told(translations))
        );
        return Reply<CategoryView>.Of(
            new(wanted.Key, wanted.Title, wanted.Parent, Translations: translations),
            StatusCodes.Status201Created,
            version: 1,
            location: $"/api/v1/categories/{wanted.Key}"
        );
    }

    static async Task<bool> Exists(Work work, string key, CancellationToken stop)
    {
        await using var find = work.Command("select 1 from categories where key = $1", key);
        return await find.ExecuteScalarAsync(stop) is not null;
    }
}
