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

/// <summary>Renames a category, moves it in the tree or among its siblings, by a merge patch (RFC 7396).</summary>
static class ChangeCategory
{
    public sealed record Request
    {
        /// <summary>What it is called.</summary>
        public Optional<string> Title { get; init; }

        /// <summary>The key of its new parent; null puts it at the top.</summary>
        public Optional<string?> Parent { get; init; }

        /// <summary>Its place among its siblings, lowest first, 0 to 1,000,000.</summary>
        public Optional<int> Position { get; init; }

        /// <summary>Its title in other languages (BCP 47): languages left out stay, null takes one away; null for all of them
        /// clears.</summary>
        public Optional<IReadOnlyDictionary<string, CategoryTranslationRequest?>?> Translations { get; init; }
    }

    const int MaxPosition = 1_000_000;

    public static void Map(IEndpointRouteBuilder categories) =>
        categories
            .MapPatch("/{category}", Handle)
            .WithName("changeCategory")
            .WithSummary("Changes a category by merge patch: its title, its parent, its place")
            .RequireScope(Scopes.CatalogWrite)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.TranslationOfDefault,
                Rejections.CategoryNotFound,
                Rejections.UnknownCategory,
                Rejections.CategoryCircular,
                Rejections.CategoryTooDeep,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<CategoryView>> Handle(
        string category,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        Languages languages,
        CancellationToken stop
    )
    {
        if (languages.Refusal(wanted.Translations.Value) is { } translated)
            return translated;
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Product.IsKey(category))
            return Rejections.CategoryNotFound;
        if (Faults(wanted) is { Count: > 0 } faults)
            return Refusals.ValidationFailed with { Errors = faults };
        return await http.Write(database, work => Store(work, category, wanted, expected, stop), stop);
    }

    static Dictionary<string, string[]> Faults(Request wanted)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (wanted.Title.IsSet && !CategoryTree.IsTitle(wanted.Title.Value))
            faults["title"] = [CategoryTree.TitleRule];
        if (wanted.Position.Value is < 0 or > MaxPosition)
            faults["position"] = [$"0 to {MaxPosition}."];
        return faults;
    }

    static CategoryView Changed(CategoryView standing, Request wanted, Dictionary<string, string[]> faults)
    {
        var kept = wanted.Translations is { IsSet: true, Value: null } ? null : standing.Translations;
        var translations = CategoryTitles.Merge(kept, wanted.Translations.Value, faults);
        return standing with
        {
            Title = wanted.Title.Or(standing.Title),
            Parent = wanted.Parent.Or(standing.Parent),
            Position = wanted.Position.Or(standing.Position),
            Translations = CategoryTitles.IsSame(standing.Translations, translations)
                ? standing.Translations
                : translations,
        };
    }

    static async Task<Reply<CategoryView>> Store(
        Work work,
        string key,
        Request wanted,
        long? expected,
        CancellationToken stop
    )
    {
        // Before the row: whoever moves holds the tree first, so that two that move wait for each other and never in a ring.
        if (wanted.Parent.Value is not null)
            await CategoryTree.Hold(work, stop);
        if (await CategoryTree.Lock(work, key, stop) is not { } standing)
            return Rejections.CategoryNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"It is at version {standing.Version}.");
        if (wanted.Parent.Value is { } parent && await CategoryTree.Refusal(work, key, parent, stop) is { } refusal)
            return refusal;
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var view = Changed(standing, wanted, faults);
        if (faults.Count > 0)
            return Refusals.ValidationFailed with { Errors = faults };
        if (view == standing)
            return Reply<CategoryView>.Of(view, version: view.Version);

        view = view with { Version = view.Version + 1 };
        await using var update = work.Command(
            """
            update categories set title = $2, parent = (select id from categories where key = $3), position = $4, version = $5,
                translations = $6::jsonb
            where key = $1
            """,
            key,
            view.Title,
            view.Parent,
            view.Position,
            view.Version,
            CategoryTitles.Json(view.Translations)
        );
        await update.ExecuteNonQueryAsync(stop);
        work.Happened(
            $"category-{key}",
            new CategoryChanged(
                key,
                view.Version,
                view.Title,
                view.Parent,
                view.Position,
                CategoryTitles.Told(view.Translations)
            )
        );
        return Reply<CategoryView>.Of(view, version: view.Version);
    }
}
