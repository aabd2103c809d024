using Microsoft.AspNetCore.Http;

namespace Kontor.Catalog.Tests;

/// <summary>What If-Match says of a thing that is put under a key.</summary>
public sealed class ExpectationTests
{
    [Theory]
    [InlineData(null, "PRECONDITION_REQUIRED")]
    [InlineData("", "PRECONDITION_REQUIRED")]
    [InlineData(" ", "PRECONDITION_REQUIRED")]
    [InlineData("\"2\"", "PRECONDITION_FAILED")]
    [InlineData("\"3\"", null)]
    [InlineData("*", null)]
    public void What_stands_is_put_anew_only_by_who_has_seen_it(string? header, string? refusal)
    {
        var http = new DefaultHttpContext();
        if (header is not null)
            http.Request.Headers.IfMatch = header;

        var decided = Expectation.Of(http).Is(out var expected, out var unreadable) ? expected.Decide(3) : unreadable;

        Assert.Equal(refusal, decided?.Code);
    }
}
