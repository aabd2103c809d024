using System.ComponentModel.DataAnnotations;
using Kontor.Catalog.Search.Asked;
using Kontor.Catalog.Texts;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Search;

/// <summary>What may have been meant.</summary>
/// <param name="Text">What was typed, its last word complete.</param>
/// <param name="Products">How many products that are shown have it all; counted up to 1,000.</param>
public sealed record SuggestionView(string Text, int Products);

/// <summary>Completes what somebody types, by the words of products that are shown.</summary>
static class SuggestWords
{
    public const int MaxLimit = 20;

    public static void Map(IEndpointRouteBuilder suggest) =>
        suggest
            .MapGet("", Handle)
            .WithName("suggestWords")
            .WithSummary("Completes the last word that was typed, the most frequent first")
            .OpenToAll("The catalogue is public.")
            .Refuses(
                Rejections.LocaleMalformed,
                Rejections.SearchNotReady,
                Rejections.SearchAway,
                Refusals.ValidationFailed,
                Refusals.PositionMalformed
            );

    static async Task<Reply<IReadOnlyList<SuggestionView>>> Handle(
        Searching searching,
        SearchDoor door,
        [AsParameters] LocaleQuery locale,
        HttpContext http,
        CancellationToken stop,
        string? q = null,
        [Range(1, MaxLimit)] int limit = 8,
        [StringLength(100)] string? channel = null
    )
    {
        if (q is not { Length: > 0 and <= AskedSearch.MaxWords })
            return Refusals.ValidationFailed.At("q", $"1 to {AskedSearch.MaxWords} characters.");
        if (locale.Read(out var chain) is { } malformed)
            return malformed;
        if (!http.AtLeast(door.Topic).Is(out var atLeast, out var rejection))
            return rejection;
        var found = await searching.Suggest((q, limit, channel), chain, atLeast, stop);
        return found.Is(out var words, out rejection)
            ? Reply<IReadOnlyList<SuggestionView>>.Of(
                [.. words.Words.Select(word => new SuggestionView(word.Text, word.Products))],
                isStale: words.IsStale
            )
            : rejection;
    }
}
