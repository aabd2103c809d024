using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Merchandising;

/// <summary>Names words that mean the same, or with If-Match changes which.</summary>
static class SetSynonyms
{
    /// <param name="Words">1 to 100; at least 2 where there is no from.</param>
    /// <param name="From">Single words that find the others and are not found by them; absent: all words find each other.</param>
    /// <param name="Locale">Only for searches in this language or a narrower one, BCP 47.</param>
    public sealed record Request(
        [property: Required, MinLength(1), MaxLength(SynonymSet.MaxWords)] IReadOnlyList<string> Words,
        [property: MinLength(1), MaxLength(SynonymSet.MaxWords)] IReadOnlyList<string>? From = null,
        string? Locale = null
    );

    public static void Map(IEndpointRouteBuilder synonyms) =>
        synonyms
            .MapPut("/{key}", Handle)
            .WithName("setSynonyms")
            .WithSummary("Names words that mean the same, or with If-Match changes which")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.SynonymsFull,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<SynonymSet>> Handle(
        string key,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Expectation.Of(http).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(key))
            return Refusals.ValidationFailed.At("key", Keys.Rule);
        var locale = wanted.Locale is null ? null : Locale.Canonical(wanted.Locale);
        if (locale is null && wanted.Locale is not null)
            return Refusals.ValidationFailed.At("locale", Locale.Rule);
        SynonymSet Next(long version) => new(key, locale, wanted.From, wanted.Words, version);
        if (Next(1).Fault is var (path, reason))
            return Refusals.ValidationFailed.At(path, reason);
        return await http.Write(
            database,
            work => SynonymSet.Table.Put(work, expected, (key, Next), view => Write(work, view), stop),
            stop
        );
    }

    static (Npgsql.NpgsqlCommand, object) Write(Work work, SynonymSet view)
    {
        var (sources, words) = ((string[])[.. view.From ?? []], (string[])[.. view.Words]);
        var write = work.Command(
            """
            insert into synonyms (key, locale, sources, words, version) values ($1, $2, $3, $4, $5)
            on conflict (key) do update set locale = $2, sources = $3, words = $4, version = $5
            """,
            view.Key,
            view.Locale,
            sources,
            words,
            view.Version
        );
        return (write, new SynonymsSet(view.Key, view.Version, view.Locale, sources, words));
    }
}
