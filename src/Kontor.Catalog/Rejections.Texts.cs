using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of texts and the languages that they are in.</content>
public static partial class Rejections
{
    public static readonly Rejection LocaleMalformed = new(
        "LOCALE_MALFORMED",
        400,
        "The locale is no language tag; send one of BCP 47, such as de, de-AT or zh-Hant-TW, or leave it out."
    );
    public static readonly Rejection TranslationOfDefault = new(
        "TRANSLATION_OF_DEFAULT",
        422,
        "The own texts are in this language already; change them, and translate into others."
    );
}
