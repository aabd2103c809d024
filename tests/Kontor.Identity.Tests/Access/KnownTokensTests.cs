using System.Security.Claims;
using Kontor.Platform.Access;
using Microsoft.Extensions.Time.Testing;

namespace Kontor.Identity.Tests.Access;

public sealed class KnownTokensTests : IDisposable
{
    readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    readonly KnownTokens known;
    int checks;

    public KnownTokensTests() =>
        known = new(
            (token, _) =>
            {
                checks++;
                var good = new VerifiedToken(new ClaimsPrincipal(), clock.GetUtcNow().AddMinutes(10));
                return ValueTask.FromResult(token.StartsWith("good", StringComparison.Ordinal) ? good : null);
            },
            clock
        );

    [Fact]
    public async Task A_good_token_is_checked_once_and_a_bad_one_each_time()
    {
        var first = await known.Find("good", default);
        var again = await known.Find("good", default);
        var bad = await known.Find("bad", default) ?? await known.Find("bad", default);

        Assert.Same(first, again);
        Assert.Null(bad);
        Assert.Equal(3, checks);
    }

    [Fact]
    public async Task A_remembered_token_ends_when_it_expires()
    {
        await known.Find("good", default);

        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Null(await known.Find("good", default));
    }

    [Fact]
    public async Task An_endless_token_is_not_even_checked()
    {
        Assert.Null(await known.Find("good" + new string('x', KnownTokens.MaxTokenLength), default));

        Assert.Equal(0, checks);
    }

    [Fact]
    public async Task Long_tokens_that_differ_at_the_end_are_two()
    {
        var tail = new string('x', 4000);

        Assert.NotSame(await known.Find($"good{tail}1", default), await known.Find($"good{tail}2", default));
    }

    public void Dispose() => known.Dispose();
}
