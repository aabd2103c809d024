using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using Kontor.Platform.Graph;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Catalog.Texts;

/// <summary>The language that a GraphQL field wants its texts in.</summary>
static class LanguageArgument
{
    public static FieldBuilder<TSource, TReturn> InLanguage<TSource, TReturn>(
        this FieldBuilder<TSource, TReturn> field
    ) =>
        field.Argument<StringGraphType>(
            "locale",
            "Texts in this language, such as de-AT, else in a wider one, de, else in the shop's own."
        );

    public static LocaleQuery Locale(this IResolveFieldContext at) =>
        new(at.RequestServices!.GetRequiredService<Languages>(), at.GetArgument<string?>("locale"));

    /// <summary>Where texts are looked for; null where no language is wanted.</summary>
    public static LocaleChain? Chain(this IResolveFieldContext at) =>
        at.Locale().Read(out var chain) is { } malformed ? throw GraphWords.ErrorOf(malformed) : chain;
}
