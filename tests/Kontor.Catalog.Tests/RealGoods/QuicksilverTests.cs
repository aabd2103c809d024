using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Kontor.Catalog.Tests.Bulk;
using Kontor.Catalog.Tests.ProductTypes;

namespace Kontor.Catalog.Tests.RealGoods;

/// <summary>A fashion shop: 90 products with 663 variants in two languages, a bundle and a package, and 9,284 prices in 13
/// markets and 11 currencies.</summary>
[Trait("Kind", "slow")]
public sealed class QuicksilverTests(Shop shop) : IClassFixture<Shop>
{
    static readonly string[] OfProduct =
    [
        "Brand",
        "Description",
        "DisplayName",
        "LongDescription",
        "ProductTeaser",
        "Sizing",
    ];
    static readonly string[] OfVariant = ["Color", "Size"];

    [Fact]
    public async Task Every_product_text_and_price_comes_in_and_each_market_is_shown_its_own()
    {
        var entries = Entries(out var children);
        (await shop.Staff.Post(Types.Path, Type().ToJsonString())).Is(201);
        var prices = entries
            .Values.SelectMany(entry => entry.Descendants("Price").Select(price => Price(entry, price)))
            .ToList();
        foreach (var market in prices.Select(price => price.Text("channel")).Distinct(StringComparer.Ordinal))
            (await shop.Staff.Put($"/api/v1/channels/{market}", new { title = market })).Is(201);
        var parents = entries.Values.Where(entry => entry.Element("EntryType")!.Value != "Variation").ToList();
        var lines = parents.ToDictionary(Code, entry => Line(entry, Variants(entry)));

        var told = await shop.Write(lines.Values.Select(line => line.ToJsonString()));
        foreach (var some in prices.Chunk(2_000))
            (await shop.Staff.Post("/api/v1/prices", new { prices = some })).Is(200);

        Assert.Equal((92, 0, 0, 0), told.Sum());
        Assert.Equal(9_284, prices.Count);
        await TextsAreThere(lines);
        await EachMarketIsShownItsOwn(prices);

        IReadOnlyList<XElement> Variants(XElement entry) =>
            Kind(entry) == "Product" ? [.. children[Code(entry)].Select(code => entries[code])] : [entry];
    }

    async Task TextsAreThere(Dictionary<string, JsonObject> lines)
    {
        var page = (await shop.Stranger.Get($"{Types.Products}?limit=100")).Is(200);
        Assert.Equal(92, page.Data.GetArrayLength());
        foreach (var shown in page.Data.EnumerateArray())
        {
            var wanted = lines[shown.Text("key")];
            AreSame(wanted["attributes"]!, shown.GetProperty("attributes"));
            Assert.All(
                wanted["variants"]!.AsArray(),
                (variant, i) =>
                {
                    var other = shown.GetProperty("variants")[i];
                    Assert.Equal((string?)variant!["sku"], other.Text("sku"));
                    AreSame(variant["attributes"]!, other.GetProperty("attributes"));
                }
            );
        }
    }

    async Task EachMarketIsShownItsOwn(IReadOnlyList<JsonElement> prices)
    {
        var compared = 0;
        foreach (
            var market in prices.GroupBy(price => (price.Text("channel"), price.GetProperty("price").Text("currency")))
        )
        {
            var page = (
                await shop.Stranger.Get(
                    $"{Types.Products}?limit=100&channel={market.Key.Item1}&currency={market.Key.Item2}"
                )
            ).Is(200);
            var shown = page
                .Data.EnumerateArray()
                .SelectMany(product => product.GetProperty("variants").EnumerateArray())
                .Where(variant => variant.GetProperty("prices").GetArrayLength() > 0)
                .ToDictionary(v => v.Text("sku"), v => v.GetProperty("prices")[0].GetProperty("amount").GetInt64());
            Assert.Equal(market.Count(), shown.Count);
            foreach (var price in market)
                Assert.Equal(price.GetProperty("price").GetProperty("amount").GetInt64(), shown[price.Text("sku")]);
            compared += market.Count();
        }
        Assert.Equal(9_284, compared);
    }

    static void AreSame(JsonNode wanted, JsonElement shown) =>
        Assert.True(JsonNode.DeepEquals(wanted, JsonNode.Parse(shown.GetRawText())), $"{wanted} is {shown}");

    static Dictionary<string, XElement> Entries(out ILookup<string, string> children)
    {
        using var file = RealFiles.Open("quicksilver/Catalog.xml.gz");
        var catalog = XDocument.Load(file).Root!.Element("Catalog")!;
        children = catalog
            .Element("Relations")!
            .Elements("EntryRelation")
            .Where(relation => relation.Element("RelationType")!.Value == "ProductVariation")
            .ToLookup(
                r => r.Element("ParentEntryCode")!.Value,
                r => r.Element("ChildEntryCode")!.Value,
                StringComparer.Ordinal
            );
        return catalog.Element("Entries")!.Elements("Entry").ToDictionary(Code, StringComparer.Ordinal);
    }

    static string Code(XElement entry) => entry.Element("Code")!.Value;

    static string Kind(XElement entry) => entry.Element("EntryType")!.Value;

    static JsonObject Line(XElement entry, IReadOnlyList<XElement> variants) =>
        new()
        {
            ["key"] = Code(entry),
            ["title"] = entry.Element("Name")!.Value,
            ["type"] = "fashion",
            ["attributes"] = Texts(entry, OfProduct),
            ["variants"] = new JsonArray([
                .. variants.Select(variant => new JsonObject
                {
                    ["sku"] = Code(variant),
                    ["attributes"] = variant == entry ? [] : Texts(variant, OfVariant),
                }),
            ]),
        };

    /// <summary>A field without a text in a language is none there.</summary>
    static JsonObject Texts(XElement entry, string[] fields)
    {
        var texts = new JsonObject();
        foreach (var field in entry.Descendants("MetaField").Where(f => fields.Contains(f.Element("Name")!.Value)))
        {
            var byLanguage = new JsonObject();
            foreach (
                var text in field.Elements("Data").Where(text => text.Attribute("value")?.Value is { Length: > 0 })
            )
                byLanguage[text.Attribute("language")!.Value] = text.Attribute("value")!.Value;
            if (byLanguage.Count > 0)
                texts[field.Element("Name")!.Value] = byLanguage;
        }
        return texts;
    }

    static JsonElement Price(XElement entry, XElement price)
    {
        var (market, currency) = (price.Element("MarketId")!.Value, price.Element("CurrencyCode")!.Value);
        var amount = decimal.Parse(price.Element("UnitPrice")!.Value, CultureInfo.InvariantCulture);
        return JsonSerializer.SerializeToElement(
            new
            {
                key = $"{Code(entry)}:{market}:{currency}",
                sku = Code(entry),
                price = new { amount = Minor(amount, currency), currency },
                channel = market,
                validFrom = Moment(price, "ValidFrom"),
                validUntil = Moment(price, "ValidUntil"),
            }
        );
    }

    static long Minor(decimal amount, string currency)
    {
        var minor = amount * (currency is "JPY" or "CLP" ? 1 : 100);
        Assert.Equal(decimal.Truncate(minor), minor);
        return decimal.ToInt64(minor);
    }

    static string Moment(XElement price, string bound) => price.Element(bound)!.Value.Replace(' ', 'T');

    static JsonObject Type() =>
        new()
        {
            ["key"] = "fashion",
            ["title"] = "Fashion",
            ["attributes"] = new JsonArray([
                .. OfProduct.Select(name => Attribute(name, "product")),
                .. OfVariant.Select(name => Attribute(name, "variant")),
            ]),
        };

    static JsonObject Attribute(string key, string level) =>
        new()
        {
            ["key"] = key,
            ["kind"] = "localisedText",
            ["level"] = level,
        };
}
