namespace Kontor.Catalog.Tests.Media.Stores;

/// <summary>The check of signatures holds against the examples that Amazon S3's documentation gives.</summary>
public sealed class SignatureV4Tests
{
    const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const string Nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const string Welcome = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";

    [Theory]
    [InlineData(
        "GET",
        "/test.txt",
        Nothing,
        "range=bytes=0-9",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )]
    [InlineData(
        "PUT",
        "/test$file.text",
        Welcome,
        "date=Fri, 24 May 2013 00:00:00 GMT|x-amz-storage-class=REDUCED_REDUNDANCY",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )]
    [InlineData("GET", "/?lifecycle", Nothing, "", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData(
        "GET",
        "/?max-keys=2&prefix=J",
        Nothing,
        "",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    )]
    public void It_signs_as_the_examples_are_signed(
        string method,
        string target,
        string content,
        string more,
        string signature
    )
    {
        var request = Example(method, target, content, more, signature);

        Assert.Equal(signature, SignatureV4.Sign(request, Secret));
        Assert.True(SignatureV4.IsSignedBy(request, Secret));
        Assert.Equal("AKIAIOSFODNN7EXAMPLE", SignatureV4.KeyOf(request));
        Assert.False(SignatureV4.IsSignedBy(request, Secret + "x"));
        Assert.False(SignatureV4.IsSignedBy(request with { Target = "/other" }, Secret));
        Assert.False(SignatureV4.IsSignedBy(request with { Method = "DELETE" }, Secret));
    }

    static SignedRequest Example(string method, string target, string content, string more, string signature)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = "examplebucket.s3.amazonaws.com",
            ["x-amz-content-sha256"] = content,
            ["x-amz-date"] = "20130524T000000Z",
        };
        foreach (var pair in more.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
            headers[pair[0]] = pair[1];
        var signed = string.Join(';', headers.Keys);
        headers["authorization"] =
            $"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders={signed}, Signature={signature}";
        return new(method, target, headers);
    }
}
