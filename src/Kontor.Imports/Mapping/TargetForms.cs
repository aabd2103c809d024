using System.Text.RegularExpressions;
using Kontor.Imports.Validating;
using Kontor.Kernel;

namespace Kontor.Imports.Mapping;

/// <summary>Reads what a mapping file says about products and variants.</summary>
static class TargetForms
{
    public static ProductTargets? Product(Node node, ValueForms values)
    {
        if (
            !node.Has(
                "when",
                "key",
                "type",
                "title",
                "slug",
                "description",
                "body",
                "categories",
                "attributes",
                "translations",
                "options",
                "variants",
                "media",
                "seo",
                "publication"
            )
        )
            return null;
        if (values.Read(node["key"]) is not { } key)
        {
            node.Refuse("A product has a key.");
            return null;
        }
        var (seo, publication) = (node["seo"], node["publication"]);
        seo?.Has("title", "description");
        publication?.Has("state", "from", "until", "channels");
        return new(values.Condition(node["when"]), key)
        {
            Type = values.Read(node["type"]),
            Title = values.Read(node["title"]),
            Slug = values.Read(node["slug"]),
            Description = values.Read(node["description"]),
            Body = values.Read(node["body"]),
            Categories = values.Read(node["categories"]),
            Media = values.Read(node["media"]),
            SeoTitle = values.Read(seo?["title"]),
            SeoDescription = values.Read(seo?["description"]),
            State = values.Read(publication?["state"]),
            From = values.Read(publication?["from"]),
            Until = values.Read(publication?["until"]),
            Channels = values.Read(publication?["channels"]),
            Attributes = Attributes(node["attributes"], values),
            Translations = [.. Translations(node["translations"], values)],
            Options = [.. Options(node["options"], values)],
            Variants = [.. Variants(node["variants"], values)],
        };
    }

    static IEnumerable<VariantTargets> Variants(Node? node, ValueForms values)
    {
        foreach (var variant in node?.Items() ?? [])
        {
            if (!variant.Has("each", "when", "sku", "prices", "stock", "attributes", "options"))
                continue;
            if (values.Read(variant["sku"]) is not { } sku)
            {
                variant.Refuse("A variant has a sku.");
                continue;
            }
            yield return new(
                variant["each"] is { } each ? values.Field(each) : null,
                values.Condition(variant["when"]),
                sku
            )
            {
                Prices = [.. Prices(variant["prices"], values)],
                Stock = values.Read(variant["stock"]),
                Attributes = Attributes(variant["attributes"], values),
                Options = [.. Named(variant["options"], values)],
            };
        }
    }

    static IEnumerable<PriceTarget> Prices(Node? node, ValueForms values)
    {
        foreach (var price in node?.Items() ?? [])
        {
            if (!price.Has("each", "amount", "currency", "decimals"))
                continue;
            if (values.Read(price["amount"]) is not { } amount || price["currency"] is not { } currency)
            {
                price.Refuse("A price has an amount and a currency.");
                continue;
            }
            // A code of a currency is no name of a column.
            var code =
                currency.IsText && Currencies.Exists(currency.Text())
                    ? new ConstantValue(currency.Text() ?? "")
                    : values.Read(currency);
            var form = price["decimals"]?.Word("point", "comma", "lastComma", "minor") ?? "point";
            if (code is not null && Decimals.FormOf(form) is { } known)
                yield return new(price["each"] is { } each ? values.Field(each) : null, amount, code, known);
        }
    }

    static List<AttributeTarget> Attributes(Node? node, ValueForms values)
    {
        List<AttributeTarget> attributes = [];
        foreach (var (key, value) in node?.Members() ?? [])
        {
            var isPattern = key.Contains('*');
            var pattern = isPattern ? Wild(value) : null;
            if (!isPattern && !IsAttribute(key))
                value.Refuse(
                    "An attribute's key has 1 to 100 letters, digits or '_', the first a letter; a '*' is the rest of a field's name."
                );
            else if (isPattern && pattern is null)
                value.Refuse(
                    "The attribute has a '*': it is set from fields whose name has one, {\"from\": \"attr_*\"}."
                );
            else if ((isPattern ? new ConstantValue("") : values.Read(value)) is { } read)
                attributes.Add(new(key, read, value["unit"]?.Text(), value["language"]?.Text(), pattern));
        }
        return attributes;
    }

    /// <summary>The pattern of the names of fields; null where it has no '*', or anything beside.</summary>
    static Regex? Wild(Node value)
    {
        var from = value.IsText ? value : value["from"];
        if (from is not { IsText: true } || from.Text() is not { } text || text.Count(sign => sign == '*') != 1)
            return null;
        return new(
            $@"\A{Regex.Escape(text).Replace(@"\*", "(.+)", StringComparison.Ordinal)}\z",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
            Steps.PatternTime
        );
    }

    static bool IsAttribute(string key) =>
        key.Length is > 0 and <= 100
        && char.IsAsciiLetter(key[0])
        && key.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '_');

    static IEnumerable<(string, string, Value)> Translations(Node? node, ValueForms values)
    {
        foreach (var (language, texts) in node?.Members() ?? [])
            if (texts.Has("title", "description", "body"))
                foreach (var (member, value) in texts.Members())
                    if (values.Read(value) is { } read)
                        yield return (language, member, read);
    }

    static IEnumerable<OptionTarget> Options(Node? node, ValueForms values)
    {
        foreach (var option in node?.Items() ?? [])
            if (option.Has("key", "title", "value"))
                if (option["key"]?.Text() is { } key && Texts.IsKey(key) && values.Read(option["value"]) is { } value)
                    yield return new(key, option["title"]?.Text(), value);
                else
                    option.Refuse("An option has a key and a value.");
    }

    static IEnumerable<(string, Value)> Named(Node? node, ValueForms values)
    {
        foreach (var (name, value) in node?.Members() ?? [])
            if (values.Read(value) is { } read)
                yield return (name, read);
    }
}
