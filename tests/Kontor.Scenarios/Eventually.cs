namespace Kontor.Scenarios;

/// <summary>Waits for conditions; how long only says when to give up.</summary>
static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        using var late = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            Assert.False(late.IsCancellationRequested, $"waited in vain: {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
