using System.Net;

namespace Kontor.Ordering.Tests.Sandbox;

/// <summary>The sandbox misbehaves as it is told to, and the same again.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public async Task The_nth_call_of_a_token_meets_its_mishap()
    {
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Follow(
            new
            {
                calls = new object[]
                {
                    new
                    {
                        does = "failAfter",
                        token = "tok_approve",
                        nth = 2,
                    },
                    new { does = "dropBefore", token = "tok_decline" },
                    new { does = "dropAfter", token = "tok_challenge" },
                },
            }
        );

        Assert.Equal(HttpStatusCode.OK, (await sandbox.Authorise("a")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await sandbox.Authorise("b")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await sandbox.Authorise("b")).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.Authorise("c", token: "tok_decline"));
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.Authorise("d", token: "tok_challenge"));

        Assert.Equal(
            [("a", "authorised"), ("b", "authorised"), ("d", "challenged")],
            (await sandbox.Books()).Select(booked => (booked.Key, booked.State))
        );
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("delay")]
    public async Task An_answer_may_come_late_or_never(string does)
    {
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Follow(
            new
            {
                calls = new[]
                {
                    new
                    {
                        does,
                        delayMs = 600_000,
                        nth = 1,
                    },
                },
            }
        );

        var waiting = sandbox.Authorise("k");
        await sandbox.Reaches("k", "authorised");

        Assert.False(waiting.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, (await sandbox.Authorise("k")).StatusCode);
        await sandbox.Stop();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
            (await waiting).EnsureSuccessStatusCode().Content.Headers.GetValues("never")
        );
    }

    [Fact]
    public async Task The_same_seed_does_the_same_again()
    {
        var first = await Mishaps(seed: 42);

        Assert.Equal(first, await Mishaps(seed: 42));
        Assert.NotEqual(first, await Mishaps(seed: 43));
        Assert.InRange(first.Count(failed => failed), 5, 55);
    }

    [Fact]
    public async Task A_schedule_out_of_bounds_is_refused()
    {
        await using var sandbox = await PlaySandbox.Start();

        foreach (var copies in new[] { 0, 101 })
            await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.Follow(new { callbacks = new { copies } }));
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.Follow(new { unknown = 1 }));
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            sandbox.Follow(new { calls = new[] { new { does = "explode" } } })
        );
    }

    static async Task<IReadOnlyList<bool>> Mishaps(int seed)
    {
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Follow(new { seed, calls = new[] { new { does = "failAfter", perMille = 500 } } });
        List<bool> failed = [];
        for (var i = 0; i < 60; i++)
            failed.Add(!(await sandbox.Authorise($"k{i}")).IsSuccessStatusCode);
        return failed;
    }
}
