using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Kontor.Catalog.Prices;
using Kontor.Catalog.Texts;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Kontor.Search;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.Merchandising;

/// <summary>Makes a rule of what searches show first, or with If-Match changes one.</summary>
static class SetSearchRule
{
    /// <param name="Title">What it is for, 1 to 200 characters.</param>
    /// <param name="When">When it holds: where all that is named is so; absent: always.</param>
    /// <param name="Pins">Products that come first, in this order: keys or ids, each once.</param>
    /// <param name="Boosts">What counts for more or less when sorted by relevance.</param>
    /// <param name="Priority">The rule with the lowest number stands first, 1 to 1,000,000.</param>
    public sealed record Request(
        [property: Required, StringLength(200, MinimumLength = 1)] string Title,
        Condition? When = null,
        [property: MaxLength(SearchRule.MaxPins)] IReadOnlyList<string>? Pins = null,
        [property: MaxLength(SearchRule.MaxBoosts)] IReadOnlyList<Boost>? Boosts = null,
        [property: Range(1, 1_000_000)] int Priority = 1_000
    );

    /// <param name="Texts">What is looked for is one of these, whatever its letters' case and accents; absent: whatever it is.</param>
    /// <param name="IsPart">It is enough that one of the texts stands within it, as whole words.</param>
    /// <param name="Category">The key of the category that is looked at.</param>
    /// <param name="Channel">The key of the channel that is asked.</param>
    /// <param name="Locale">The language of the search, or a wider one, BCP 47.</param>
    /// <param name="ValidFrom">Its first moment.</param>
    /// <param name="ValidUntil">The first moment at which it is over.</param>
    public sealed record Condition(
        [property: MaxLength(SearchRule.MaxTexts)] IReadOnlyList<string>? Texts = null,
        bool IsPart = false,
        string? Category = null,
        string? Channel = null,
        string? Locale = null,
        DateTimeOffset? ValidFrom = null,
        DateTimeOffset? ValidUntil = null
    );

    /// <param name="Field">A field of the search: category, type, or the key of an attribute.</param>
    /// <param name="Value">The value that counts for more or less.</param>
    /// <param name="Percent">1 to 10,000; 100 is no difference, and several that apply multiply.</param>
    public sealed record Boost(
        [property: Required] string Field,
        [property: Required, StringLength(200, MinimumLength = 1)] string Value,
        [property: Range(1, 10_000)] int Percent
    );

    public static void Map(IEndpointRouteBuilder rules) =>
        rules
            .MapPut("/{key}", Handle)
            .WithName("setSearchRule")
            .WithSummary("Makes a rule of what searches show first, or with If-Match changes one")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.UnknownProduct,
                Rejections.SearchRulesFull,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<SearchRule>> Handle(
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
        if (!Decide(wanted).Is(out var when, out rejection))
            return rejection;
        return await http.Write(database, work => Store(work, key, wanted, when, expected, stop), stop);
    }

    /// <summary>The rule: what is named can be named, and can hold at all.</summary>
    internal static Result<SearchRuleCondition> Decide(Request wanted)
    {
        static Rejection At(string path, string reason) => Refusals.ValidationFailed.At(path, reason);
        var when = wanted.When ?? new();
        var texts = when.Texts ?? [];
        for (var i = 0; i < texts.Count; i++)
            if (texts[i] is not { Length: <= SearchRule.MaxTextLength } || SearchWords.Of(texts[i]).Count == 0)
                return At($"when.texts[{i}]", $"1 to {SearchRule.MaxTextLength} characters, with a letter or digit.");
        if (when.IsPart && texts.Count == 0)
            return At("when.isPart", "Of which texts? There are none.");
        if (when.Category is not null && !Keys.Is(when.Category))
            return At("when.category", Keys.Rule);
        if (when.Channel is not null && !Keys.Is(when.Channel))
            return At("when.channel", Keys.Rule);
        var locale = when.Locale is null ? null : Locale.Canonical(when.Locale);
        if (locale is null && when.Locale is not null)
            return At("when.locale", Locale.Rule);
        if (when.ValidFrom >= when.ValidUntil)
            return At("when.validUntil", "Later than validFrom.");
        if ((wanted.Pins?.Count ?? 0) + (wanted.Boosts?.Count ?? 0) == 0)
            return At("pins", "A rule pins or boosts something.");
        for (var i = 0; i < wanted.Pins?.Count; i++)
            if (string.IsNullOrEmpty(wanted.Pins[i]))
                return At($"pins[{i}]", "The key or id of a product.");
        for (var i = 0; i < wanted.Boosts?.Count; i++)
            if (!Keys.Is(wanted.Boosts[i]?.Field))
                return At($"boosts[{i}].field", Keys.Rule);
        return new SearchRuleCondition(
            texts,
            when.IsPart,
            when.Category,
            when.Channel,
            locale,
            Price.Kept(when.ValidFrom),
            Price.Kept(when.ValidUntil)
        );
    }

    static async Task<Reply<SearchRule>> Store(
        Work work,
        string key,
        Request wanted,
        SearchRuleCondition when,
        Expectation expected,
        CancellationToken stop
    )
    {
        if (!(await Pins(work, wanted.Pins ?? [], stop)).Is(out var pins, out var unknown))
            return unknown;
        var boosts = (wanted.Boosts ?? []).Select(b => new SearchRuleBoost(b.Field, b.Value, b.Percent)).ToList();
        return await SearchRule.Table.Put(
            work,
            expected,
            (key, version => new(key, wanted.Title, wanted.Priority, when, pins, boosts, version)),
            view => Write(work, view),
            stop
        );
    }

    /// <summary>The ids of what is named by key or id, in that order.</summary>
    static async Task<Result<IReadOnlyList<Guid>>> Pins(Work work, IReadOnlyList<string> named, CancellationToken stop)
    {
        var known = new Dictionary<string, Guid>(StringComparer.Ordinal);
        await using (
            var find = work.Command(
                "select key, id from products where deleted_at is null and (key = any($1) or id = any($2))",
                named.ToArray(),
                named.Select(one => Guid.TryParse(one, out var id) ? id : Guid.Empty).ToArray()
            )
        )
        {
            await using var reader = await find.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                known[reader.GetString(0)] = known[reader.GetGuid(1).ToString()] = reader.GetGuid(1);
        }
        var pins = new List<Guid>();
        for (var i = 0; i < named.Count; i++)
            if (!known.TryGetValue(named[i], out var id) && !known.TryGetValue(named[i].ToLowerInvariant(), out id))
                return Rejections.UnknownProduct.At($"pins[{i}]", "There is no such product.");
            else if (pins.Contains(id))
                return Refusals.ValidationFailed.At($"pins[{i}]", "It is pinned already.");
            else
                pins.Add(id);
        return pins;
    }

    static (NpgsqlCommand, object) Write(Work work, SearchRule view)
    {
        var when = view.When;
        var write = work.Command(
            """
            insert into search_rules (key, title, priority, texts, is_part, category, channel, locale, valid_from, valid_until,
                pins, boosts, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13)
            on conflict (key) do update set title = $2, priority = $3, texts = $4, is_part = $5, category = $6, channel = $7,
                locale = $8, valid_from = $9, valid_until = $10, pins = $11, boosts = $12::jsonb, version = $13
            """,
            view.Key,
            view.Title,
            view.Priority,
            when.Texts.ToArray(),
            when.IsPart,
            when.Category,
            when.Channel,
            when.Locale,
            when.ValidFrom,
            when.ValidUntil,
            view.Pins.ToArray(),
            JsonSerializer.Serialize(view.Boosts, KontorJson.Options),
            view.Version
        );
        return (
            write,
            new SearchRuleSet(view.Key, view.Version, view.Title, view.Priority, when, view.Pins, view.Boosts)
        );
    }
}
