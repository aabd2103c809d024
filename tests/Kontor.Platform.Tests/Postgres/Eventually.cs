using System.Diagnostics;
using Npgsql;

namespace Kontor.Platform.Tests.Postgres;

/// <summary>Waits for a condition, with a deadline that only a broken program meets.</summary>
static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async Task Holds(string what, Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Deadline)
                throw new TimeoutException($"Not within {Deadline}: {what}");
            await Task.Delay(50);
        }
    }

    /// <summary>Asks again while the server is away.</summary>
    public static async Task<T> Answers<T>(Func<Task<T>> question)
    {
        var waited = Stopwatch.StartNew();
        while (true)
            try
            {
                return await question();
            }
            catch (NpgsqlException) when (waited.Elapsed < Deadline)
            {
                await Task.Delay(50);
            }
    }
}
