using System.Security.Claims;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kontor.Catalog.Texts;

/// <summary>The language that a read wants its texts in.</summary>
/// <param name="Locale">Texts in this language (BCP 47: de-AT), else in a wider one (de), else in the shop's own; left out:
/// the shop's own.</param>
/// <param name="Languages">Those of this installation.</param>
sealed record LocaleQuery([FromServices] Languages Languages, [FromQuery(Name = "locale")] string? Locale = null)
{
    /// <summary>What is wrong with it; else where texts are looked for, null where no language is wanted.</summary>
    public Rejection? Read(out LocaleChain? chain)
    {
        chain = Locale is null ? null : Languages.ChainOf(Locale);
        return Locale is not null && chain is null ? Rejections.LocaleMalformed.At("locale", Texts.Locale.Rule) : null;
    }
}

/// <summary>Reads that show staff more than everybody.</summary>
static class StaffView
{
    public const string Name = "staff";

    /// <summary>Why this caller may not have this view; null where they may.</summary>
    public static Rejection? Refusal(string? view, ClaimsPrincipal caller)
    {
        if (view is not (null or Name))
            return Refusals.ValidationFailed.At("view", $"Left out, or {Name}.");
        if (view is null || caller.HasScope(Scopes.CatalogRead))
            return null;
        var refusal = caller.Identity?.IsAuthenticated == true ? Refusals.Forbidden : Refusals.Unauthenticated;
        return refusal.Because($"view needs the scope {Scopes.CatalogRead}.");
    }
}

/// <summary>Says of an answer in which languages its texts are.</summary>
static class ContentLanguage
{
    public static void Tell(this HttpContext http, LocaleChain? chain, IEnumerable<string> languages)
    {
        if (chain?.Told(languages) is { } told)
            http.Response.Headers.ContentLanguage = told;
    }
}
