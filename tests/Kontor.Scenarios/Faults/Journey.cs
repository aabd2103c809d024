using System.Globalization;

namespace Kontor.Scenarios.Faults;

/// <summary>One way through the shop, and the points that it passes, however it goes.</summary>
/// <param name="Points">With <c>@n</c>, the n-th pass.</param>
/// <param name="Ends">What becomes of its orders.</param>
sealed record Journey(string Name, string[] Points, string[] Ends, Func<Scene, Task> Walk)
{
    /// <summary>Until the provider is asked nothing depends on the card: the journeys of three suffice, one of a good card,
    /// one of a declined and one of too few pieces.</summary>
    static readonly string[] Begun =
    [
        "keys.made.before-use",
        "checkout.submitted.before-commit",
        "checkout.submitted.after-commit",
        "checkout.reserve.before",
        "checkout.reserve.after",
        "stock.batch.before-take",
        "stock.batch.before-commit",
        "stock.batch.after-commit",
        "checkout.served.handed-over",
        "stock.followed.before-commit",
    ];
    static readonly string[] Paid = ["checkout.authorise.before", "checkout.authorise.after"];
    static readonly string[] Pending = ["checkout.pending.before-commit", "checkout.pending.after-commit"];
    static readonly string[] Asked = ["checkout.ask.before", "checkout.ask.after"];
    static readonly string[] Called = ["checkout.callback.received", "checkout.callback.driven"];
    static readonly string[] Undone = ["checkout.cancel.after", "checkout.release.after"];

    public static readonly Journey NeverAnswered = new(
        "a challenge that is never answered",
        [.. Paid, .. Recorded(4), "checkout.takeover.taken", .. Asked, "checkout.expire.before-record", .. Undone],
        ["rejected"],
        async scene =>
        {
            var buyer = await scene.Enter(2);
            await scene.Pay(buyer, 2, "tok_challenge");
            await scene.Settles(buyer);
        }
    );

    public static readonly Journey Timeout = new(
        "a provider that is silent",
        [.. Paid, .. Recorded(2), .. Pending],
        ["placed"],
        async scene => await scene.Pay(await scene.Enter(2), 2, "tok_timeout")
    );

    public static readonly IReadOnlyList<Journey> All =
    [
        new(
            "a card that is good",
            [.. Begun, .. Paid, .. Recorded(2)],
            ["placed"],
            async scene => await scene.Pay(await scene.Enter(2), 2, "tok_approve")
        ),
        new(
            "a card that is declined, and another",
            [.. Begun, .. Paid, .. Recorded(5), .. Undone, "stock.batch.before-commit@2", "checkout.reserve.before@2"],
            ["rejected", "placed"],
            async scene =>
            {
                var buyer = await scene.Enter(2);
                await scene.Pay(buyer, 2, "tok_decline");
                await scene.Pay(buyer, 2, "tok_approve");
            }
        ),
        new(
            "more than there is",
            [.. Begun, .. Recorded(4), .. Undone],
            ["placed", "rejected"],
            async scene =>
            {
                // The shelf says only that there are some, so the second is refused by the stock itself.
                var (first, second) = (await scene.Enter(60), await scene.Enter(60));
                await scene.Pay(first, 60, "tok_approve");
                await scene.Pay(second, 60, "tok_approve");
            }
        ),
        new(
            "a challenge that is confirmed",
            [.. Paid, .. Recorded(3), .. Called, .. Asked],
            ["placed"],
            scene => Challenge(scene, confirms: true)
        ),
        new(
            "a challenge that is declined",
            [.. Paid, .. Recorded(4), .. Called, .. Asked, .. Undone],
            ["rejected"],
            scene => Challenge(scene, confirms: false)
        ),
        NeverAnswered,
        Timeout,
        new(
            "a provider that is late",
            [.. Paid, .. Recorded(2), .. Pending],
            ["placed"],
            async scene => await scene.Pay(await scene.Enter(2), 2, "tok_late")
        ),
        new(
            "a guest who is erased",
            ["erase.before-commit", "erase.after-commit"],
            ["placed"],
            async scene =>
            {
                var buyer = await scene.Enter(2);
                await scene.Pay(buyer, 2, "tok_approve");
                await scene.Erase(buyer);
            }
        ),
        new(
            "a desk that holds pieces and leaves",
            [
                "stock.batch.before-take",
                "stock.batch.before-commit",
                "stock.batch.after-commit",
                "stock.expire.before",
                "stock.batch.before-commit@2",
                "stock.batch.after-commit@2",
            ],
            [],
            scene => scene.HoldForAMoment(3)
        ),
    ];

    /// <summary>Where its buyer is not waited for, how long is that.</summary>
    public TimeSpan AwaitPayment => this == NeverAnswered ? TimeSpan.FromSeconds(2) : TimeSpan.FromHours(1);

    public override string ToString() => Name;

    /// <summary>Each step of an attempt is recorded once, whoever else tries.</summary>
    static IEnumerable<string> Recorded(int times) =>
        from time in Enumerable.Range(1, times)
        from side in (string[])["before", "after"]
        select string.Create(CultureInfo.InvariantCulture, $"checkout.record.{side}-commit@{time}");

    static async Task Challenge(Scene scene, bool confirms)
    {
        var buyer = await scene.Enter(2);
        await scene.Pay(buyer, 2, "tok_challenge");
        await scene.HearsOfChallenge(buyer);
        await scene.Answer(buyer, confirms);
    }
}
