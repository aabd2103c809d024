using System.Text.Json.Nodes;
using static Kontor.Catalog.Tests.Options.Shirts;

namespace Kontor.Catalog.Tests.Options;

public sealed class OptionLimitTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task What_is_too_much_is_refused_for_that_alone()
    {
        JsonObject With(int options, int values, int title)
        {
            var key = shop.Fresh("much");
            return new()
            {
                ["key"] = key,
                ["title"] = key,
                ["options"] = new JsonArray([
                    .. Enumerable
                        .Range(0, options)
                        .Select(o => new JsonObject
                        {
                            ["key"] = $"o{o}",
                            ["values"] = new JsonArray([
                                .. Enumerable
                                    .Range(0, values)
                                    .Select(v => new JsonObject
                                    {
                                        ["key"] = $"v{v}",
                                        ["title"] = new string('x', title),
                                    }),
                            ]),
                        }),
                ]),
                ["variants"] = new JsonArray(new JsonObject { ["sku"] = key }),
            };
        }

        foreach (var (options, values, title) in ((int, int, int)[])[(10_000, 1, 1), (4, 300, 1), (2, 400, 200)])
        {
            var refused = await shop.Post(With(options, values, title));
            refused.Refused(400, "PRODUCT_INVALID", "options");
            Assert.Single(refused.Json.GetProperty("errors").EnumerateObject());
        }
    }

    [Fact]
    public async Task There_are_at_most_5_options_of_1_000_values()
    {
        JsonObject Wide(int options, int values)
        {
            var wide = Shirt(shop);
            wide["options"] = new JsonArray([
                .. Enumerable
                    .Range(0, options)
                    .Select(i => new JsonObject
                    {
                        ["key"] = $"o{i}",
                        ["values"] = new JsonArray([
                            .. Enumerable.Range(0, values).Select(j => new JsonObject { ["key"] = $"v{j}" }),
                        ]),
                    }),
            ]);
            wide["variants"] = new JsonArray(
                new JsonObject
                {
                    ["sku"] = shop.Fresh(),
                    ["options"] = new JsonObject(
                        Enumerable.Range(0, options).Select(i => KeyValuePair.Create($"o{i}", (JsonNode?)"v0"))
                    ),
                }
            );
            return wide;
        }

        (await shop.Post(Wide(6, 1))).Refused(400, "PRODUCT_INVALID", "options");
        (await shop.Post(Wide(1, 1001))).Refused(400, "PRODUCT_INVALID", "options");
        (await shop.Post(Wide(5, 201))).Refused(400, "PRODUCT_INVALID", "options");
        (await shop.Post(Wide(5, 200))).Is(201);
        (await shop.Post(Wide(1, 1000))).Is(201);
    }

    [Fact, Trait("Kind", "slow")]
    public async Task Five_thousand_variants_take_the_statements_of_two()
    {
        JsonObject Grid(int width)
        {
            var key = shop.Fresh("grid");
            JsonObject Axis(string axis) =>
                new()
                {
                    ["key"] = axis,
                    ["values"] = new JsonArray([
                        .. Enumerable.Range(0, width).Select(i => new JsonObject { ["key"] = $"v{i}" }),
                    ]),
                };
            return new()
            {
                ["key"] = key,
                ["title"] = key,
                ["options"] = new JsonArray(Axis("x"), Axis("y")),
                ["variants"] = new JsonArray([
                    .. Enumerable
                        .Range(0, Math.Min(width * width, 5000))
                        .Select(i => new JsonObject
                        {
                            ["sku"] = $"{key}.{i}",
                            ["options"] = new JsonObject { ["x"] = $"v{i / width}", ["y"] = $"v{i % width}" },
                        }),
                ]),
            };
        }
        var few = (await shop.Post(Grid(2))).Is(201);

        var many = (await shop.Post(Grid(71))).Is(201);

        Assert.Equal(few.Statements, many.Statements);
        Assert.Equal(5000, many.Data.GetProperty("variantCount").GetInt32());
        var onlyX = new JsonObject { ["options"] = new JsonArray(Grid(71)["options"]![0]!.DeepClone()) };
        (await shop.Patch(many, onlyX)).Refused(400, "PRODUCT_INVALID", "variants[1].options");
        var turned = Grid(71);
        foreach (var variant in turned["variants"]!.AsArray())
            variant!["options"] = new JsonObject
            {
                ["x"] = variant["options"]!["y"]!.ToString(),
                ["y"] = variant["options"]!["x"]!.ToString(),
            };
        for (var i = 0; i < 5000; i++)
            turned["variants"]![i]!["sku"] = $"{many.Value("key")}.{i}";
        var patched = (await shop.Patch(many, new JsonObject { ["variants"] = turned["variants"]!.DeepClone() })).Is(
            200
        );
        Assert.Equal("v0/v1", patched.Data.GetProperty("variants")[71].Place());
    }
}
