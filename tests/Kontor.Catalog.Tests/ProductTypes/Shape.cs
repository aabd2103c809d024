using System.Text.Json;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>What products of these tests look like in each version.</summary>
static class Shape
{
    public static void IsOfItsVersion(JsonElement product)
    {
        var isOld = product.GetProperty("typeVersion").GetInt64() % 2 == 1;
        var attributes = product.GetProperty("attributes");
        Assert.Equal(isOld, attributes.TryGetProperty("color", out _));
        Assert.Equal(!isOld, attributes.TryGetProperty("colour", out _));
        Assert.Equal(isOld, attributes.TryGetProperty("junk", out _));
        Assert.True(isOld || attributes.GetProperty("brand").ValueKind == JsonValueKind.String);
        if (attributes.TryGetProperty("weight", out var weight))
            Assert.Equal(isOld ? JsonValueKind.String : JsonValueKind.Number, weight.ValueKind);
        foreach (var variant in product.GetProperty("variants").EnumerateArray())
            Assert.Equal(isOld ? "size" : "fits", variant.GetProperty("attributes").EnumerateObject().Single().Name);
    }
}
