using System.Collections.Concurrent;

namespace Kontor.Scenarios.Faults;

/// <summary>One checkout under one key, asked for by three at once, with every answer that was final.</summary>
sealed class Purchase(Buyer buyer, string token, long total)
{
    const int Duplicates = 3;

    readonly string key = Buyer.NewKey();
    readonly ConcurrentQueue<Answer> finals = new();

    public Buyer Buyer => buyer;

    /// <summary>The answer that stands under the key, once there is one.</summary>
    public Answer? Final => finals.LastOrDefault();

    /// <param name="insists">Whether each duplicate repeats itself until it is answered; else it leaves when the line breaks.</param>
    public Task Begin(bool insists) => AtOnce(() => insists ? Ask() : TryOnce());

    /// <summary>The same request until it is answered.</summary>
    public async Task<Answer> Ask()
    {
        var answer = await Buyer.Insisting(() => buyer.Pay(token, total, key));
        finals.Enqueue(answer);
        return answer;
    }

    /// <summary>Whoever repeats the request now gets, to the byte, what everybody got before.</summary>
    public async Task HoldsItsAnswer(bool isScarce)
    {
        var before = finals.ToArray();
        await AtOnce(Ask);
        var now = finals.Skip(before.Length).Distinct().ToArray();
        // Refused before anything was begun, nothing is kept: each such answer has a trace of its own, and where pieces
        // come back, the next try may be luckier.
        var isUnkept = isScarce && now.All(IsShort);
        Assert.Single(
            now.Select(answer => isUnkept ? answer.Code : answer.ToString()).Distinct(StringComparer.Ordinal)
        );
        Assert.All(
            before,
            answer => Assert.True(answer == now[0] || (isScarce && IsShort(answer)), $"{answer}; {now[0]}")
        );
    }

    /// <summary>What was said of somebody who has been erased since is told to nobody.</summary>
    public async Task IsErased() => Assert.Equal("ANSWER_ERASED", (await Ask()).Code);

    static bool IsShort(Answer answer) => answer is { Status: 409, Code: "OUT_OF_STOCK" };

    async Task TryOnce()
    {
        try
        {
            var answer = await buyer.Pay(token, total, key);
            Assert.NotEqual(500, answer.Status);
            if (answer.Status < 500 && answer.Code is not ("REQUEST_IN_PROGRESS" or "BUSY"))
                finals.Enqueue(answer);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            // The buyer leaves.
        }
    }

    static Task AtOnce(Func<Task> request) => Task.WhenAll(Enumerable.Range(0, Duplicates).Select(_ => request()));
}
