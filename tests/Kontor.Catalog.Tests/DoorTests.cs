using System.Text;

namespace Kontor.Catalog.Tests;

public sealed class DoorTests(Shop shop) : IClassFixture<Shop>
{
    const string Products = "/api/v1/products";

    public static TheoryData<string, string?> BadBodies =>
        new()
        {
            { "", "MALFORMED_BODY" },
            { "{", "MALFORMED_BODY" },
            { "null", "MALFORMED_BODY" },
            { "[]", "MALFORMED_BODY" },
            { "\"text\"", "MALFORMED_BODY" },
            { """{"key":1,"title":"T","variants":[]}""", "MALFORMED_BODY" },
            { """{"key":null,"title":"T","variants":[]}""", "MALFORMED_BODY" },
            { """{"title":"T","variants":[]}""", "MALFORMED_BODY" },
            { """{"key":"k","key":"l","title":"T","variants":[]}""", "MALFORMED_BODY" },
            { """{"key":"k","title":"T","variants":[],"colour":"red"}""", "MALFORMED_BODY" },
            { """{"key":"k","title":"a\u0000b","variants":[{"sku":"s"}]}""", "MALFORMED_BODY" },
            { """{"key":"k","title":"a\ud800b","variants":[{"sku":"s"}]}""", "MALFORMED_BODY" },
            { """{"key":"k","title":"T","variants":[{"sku":"s","stock":1.5}]}""", "MALFORMED_BODY" },
            { """{"key":"k","title":"T","variants":[{"sku":"s","stock":"1"}]}""", "MALFORMED_BODY" },
            { """{"key":"k","title":"T","variants":[{"sku":"s","stock":1e99}]}""", "MALFORMED_BODY" },
            { """{"key":"k","title":"T","variants":[{"sku":"s","prices":[null]}]}""", "MALFORMED_BODY" },
            {
                """{"key":"k","title":"T","variants":[{"sku":"s","prices":[{"amount":1,"currency":"XXX"}]}]}""",
                "MALFORMED_BODY"
            },
            { """{"key":"k","title":"T","variants":[{"sku":"s","prices":[{"amount":1}]}]}""", "MALFORMED_BODY" },
            { new string('[', 100_000), "MALFORMED_BODY" },
            { """{"variants":""" + new string('[', 100_000) + new string(']', 100_000) + "}", "MALFORMED_BODY" },
        };

    [Theory]
    [MemberData(nameof(BadBodies), DisableDiscoveryEnumeration = true)]
    public async Task A_body_that_is_not_asked_for_is_a_400_with_a_code(string body, string? code)
    {
        foreach (var key in new[] { null, shop.Fresh("bad") })
        {
            var answer = await shop.Staff.Post(Products, body, key);

            answer.Refused(400, code ?? answer.Json.GetProperty("code").GetString()!);
        }
    }

    [Theory]
    [MemberData(nameof(BadBodies), DisableDiscoveryEnumeration = true)]
    public async Task So_is_a_patch_of_that_kind(string body, string? code)
    {
        var product = await shop.NewProduct(shop.Fresh());

        var answer = await shop.Staff.Patch($"{Products}/{product.Value("id")}", body, product.Tag);

        Assert.True(answer.Status == 400, $"{code}: {answer.Text}");
    }

    [Theory]
    [InlineData("limit=abc")]
    [InlineData("limit=")]
    [InlineData("limit=1e400")]
    [InlineData("limit=1&limit=2")]
    public async Task A_parameter_that_cannot_be_read_is_named_and_no_type_of_ours(string query)
    {
        var answer = await shop.Staff.Get($"{Products}?{query}");

        answer.Refused(400, "BAD_REQUEST", "limit");
        Assert.DoesNotContain("bind", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        var product = await shop.NewProduct(shop.Fresh());
        var path = $"{Products}/{product.Value("id")}";
        var read = (await shop.Staff.Get(path)).Is(200);

        var head = (await shop.Staff.Send(HttpMethod.Head, path, null)).Is(200);

        Assert.Equal(read.Tag, head.Tag);
        Assert.Equal(read.Raw.Content.Headers.ContentLength, head.Raw.Content.Headers.ContentLength);
        Assert.Equal("", head.Text);
        (await shop.Staff.Send(HttpMethod.Head, $"{Products}/no-such-product", null)).Is(404);
    }

    [Fact]
    public async Task Any_version_that_is_there_matches_a_star()
    {
        var product = await shop.NewProduct(shop.Fresh());

        (await shop.Staff.Get($"{Products}/{product.Value("id")}", ifNoneMatch: "*")).Is(304);
    }

    [Fact]
    public async Task A_malformed_member_is_named_by_its_path()
    {
        var answer = await shop.Staff.Post(Products, """{"key":"k","title":"T","variants":[{"sku":"s"},{"sku":7}]}""");

        answer.Refused(400, "MALFORMED_BODY", "variants[1].sku");
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused()
    {
        using var content = new ByteArrayContent([
            .. "{\"key\":\"k\",\"title\":\""u8,
            0xff,
            0xfe,
            .. "\",\"variants\":[{\"sku\":\"s\"}]}"u8,
        ]);
        content.Headers.ContentType = new("application/json");

        (await shop.Staff.Send(HttpMethod.Post, Products, content)).Refused(400, "MALFORMED_BODY");
    }

    [Fact]
    public async Task An_oversized_body_is_refused()
    {
        var body = $$"""{"key":"k","title":"{{new string('x', 2 << 20)}}","variants":[]}""";

        (await shop.Staff.Post(Products, body)).Refused(413, "BODY_TOO_LARGE");
        (await shop.Staff.Post(Products, body, shop.Fresh("large"))).Refused(413, "BODY_TOO_LARGE");
    }

    [Theory]
    [InlineData("DELETE", Products)]
    [InlineData("PUT", Products)]
    [InlineData("POST", $"{Products}/some")]
    [InlineData("PATCH", "/api/v1/categories")]
    [InlineData("BREW", "/api/v1/categories")]
    public async Task A_wrong_method_is_told_what_is_allowed(string method, string path)
    {
        var answer = await shop.Staff.Send(new HttpMethod(method), path, null);

        answer.Refused(405, "METHOD_NOT_ALLOWED");
        Assert.NotEmpty(answer.Raw.Content.Headers.Allow);
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        using var xml = new StringContent("<product/>", Encoding.UTF8, "application/xml");

        (await shop.Staff.Send(HttpMethod.Post, Products, xml)).Refused(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task An_idempotency_key_has_a_form()
    {
        (await shop.Staff.Post(Products, """{"key":"k","title":"T","variants":[{"sku":"s"}]}""", "a b")).Refused(
            400,
            "INVALID_IDEMPOTENCY_KEY"
        );
    }
}
