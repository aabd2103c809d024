using System.Text;
using Kontor.Kernel;

namespace Kontor.Ordering.Tests.Sandbox;

/// <summary>How the sandbox tells what changed.</summary>
public sealed class CallingTests
{
    const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void A_signature_is_the_one_of_the_standard() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Sign(
                Secret,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                Encoding.UTF8.GetBytes("{\"test\": 2432232314}")
            )
        );

    [Fact]
    public void Any_other_word_has_another_signature()
    {
        byte[] body = [1, 2, 3];
        var signature = WebhookSignature.Sign(Secret, "id", "1", body);

        Assert.True(WebhookSignature.Verify(Secret, "id", "1", body, signature));
        Assert.True(WebhookSignature.Verify(Secret, "id", "1", body, $"v1,AAAA {signature} v2,x"));
        Assert.False(WebhookSignature.Verify(Secret, "ie", "1", body, signature));
        Assert.False(WebhookSignature.Verify(Secret, "id", "2", body, signature));
        Assert.False(WebhookSignature.Verify(Secret, "id", "1", [1, 2, 4], signature));
        Assert.False(WebhookSignature.Verify(WebhookSignature.NewSecret(), "id", "1", body, signature));
        Assert.False(WebhookSignature.Verify(Secret, "id", "1", body, signature.Replace("v1", "v2")));
        Assert.False(WebhookSignature.Verify("no secret", "id", "1", body, signature));
        Assert.False(WebhookSignature.Verify(Secret, "id", "1", body, ""));
    }

    [Fact]
    public async Task Every_change_is_told_with_its_signature()
    {
        await using var merchant = await Listener.Start();
        await using var sandbox = await PlaySandbox.Start();

        await sandbox.Authorise("k", 1_234, "tok_challenge", merchant.Url, "SEK");
        await merchant.Hears(1);
        await sandbox.Confirm("k");
        await merchant.Hears(2);
        await sandbox.Act("k", "cancel");

        var told = await merchant.Hears(3);
        Assert.Equal(["challenged", "authorised", "cancelled"], told.Select(heard => heard.State));
        Assert.Equal([1, 2, 3], told.Select(heard => heard.Json.GetProperty("sequence").GetInt32()));
        Assert.Equal(3, told.Select(heard => heard.Id).Distinct().Count());
        Assert.All(told, heard => Assert.True(heard.IsSignedWith(sandbox.Secret)));
        var last = told[2].Json;
        Assert.Equal(
            (told[2].Id, "authorisation.cancelled", "k", 1_234, "SEK"),
            (
                last.GetProperty("id").GetString(),
                last.GetProperty("type").GetString(),
                last.GetProperty("key").GetString(),
                last.GetProperty("amount").GetInt64(),
                last.GetProperty("currency").GetString()
            )
        );
    }

    [Fact]
    public async Task A_callback_is_told_again_until_it_is_taken()
    {
        await using var merchant = await Listener.Start();
        await using var sandbox = await PlaySandbox.Start();
        foreach (var status in new[] { 500, 404, 302, 503 })
            merchant.Answers.Enqueue(status);

        await sandbox.Authorise("k", callbacks: merchant.Url);

        var told = await merchant.Hears(5);
        Assert.Single(told.Select(heard => heard.Id).Distinct());
        await sandbox.Told("k", "taken");
        Assert.Equal(5, merchant.All.Count);
    }

    [Fact]
    public async Task One_that_is_wanted_no_more_is_told_no_more()
    {
        await using var merchant = await Listener.Start();
        await using var sandbox = await PlaySandbox.Start();
        merchant.Answers.Enqueue(410);

        await sandbox.Authorise("k", callbacks: merchant.Url);

        await sandbox.Told("k", "taken");
        Assert.Single(merchant.All);
    }

    [Fact]
    public async Task What_nobody_took_is_told_after_a_restart_and_what_was_taken_is_not()
    {
        await using var merchant = await Listener.Start();
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Authorise("taken", callbacks: merchant.Url);
        await sandbox.Told("taken", "taken");
        await sandbox.Follow(new { callbacks = new { delayMs = 600_000 } });
        await sandbox.Authorise("waits", callbacks: merchant.Url);

        await sandbox.Restart();

        await sandbox.Told("waits", "taken");
        Assert.Equal(["taken", "waits"], merchant.All.Select(heard => heard.Json.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task As_many_copies_come_as_the_schedule_says()
    {
        await using var merchant = await Listener.Start();
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Follow(new { callbacks = new { copies = 50, delayMs = 0 } });

        await sandbox.Authorise("k", callbacks: merchant.Url);

        var told = await merchant.Hears(50);
        Assert.Single(told.Select(heard => Convert.ToBase64String(heard.Body)).Distinct());
    }

    [Fact]
    public async Task A_seed_has_callbacks_overtake_each_other()
    {
        await using var merchant = await Listener.Start();
        await using var sandbox = await PlaySandbox.Start();
        await sandbox.Follow(new { seed = 3, callbacks = new { delayMs = 0, spreadMs = 2_000 } });

        for (var i = 0; i < 30; i++)
            await sandbox.Authorise($"k{i:00}", callbacks: merchant.Url);

        var keys = (await merchant.Hears(30)).Select(heard => heard.Json.GetProperty("key").GetString()).ToList();
        Assert.Equal(30, keys.Distinct().Count());
        Assert.NotEqual(keys.Order(StringComparer.Ordinal), keys);
    }
}
