using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>What may go wrong with a call for money.</summary>
enum Mishap
{
    /// <summary>Booked, and answered after <c>delayMs</c>.</summary>
    Delay,

    /// <summary>Booked, and never answered.</summary>
    Silence,

    /// <summary>Booked, and answered 500.</summary>
    FailAfter,

    /// <summary>The connection is cut, and nothing is booked.</summary>
    DropBefore,

    /// <summary>Booked, and the connection is cut.</summary>
    DropAfter,
}

/// <summary>One rule of a schedule: which calls for money it is about, and what happens to them.</summary>
/// <param name="Token">Only calls with this token.</param>
/// <param name="Nth">Only the nth call that fits since the schedule was given, from 1.</param>
/// <param name="PerMille">How many of a thousand; which ones, the seed decides.</param>
sealed record Behaviour(Mishap Does, string? Token = null, int? Nth = null, int DelayMs = 0, int PerMille = 1000);

/// <summary>How changes are told.</summary>
/// <param name="Copies">How many at once, of the very same callback.</param>
/// <param name="DelayMs">Before the first try.</param>
/// <param name="SpreadMs">And up to so much more, by the seed: callbacks overtake each other.</param>
sealed record Telling(int Copies = 1, int DelayMs = 200, int SpreadMs = 0);

/// <summary>How the sandbox behaves from now on. The same schedule, seed and keys behave the same again.</summary>
sealed record Schedule(int Seed = 0, IReadOnlyList<Behaviour>? Calls = null, Telling? Callbacks = null)
{
    const int MaxCalls = 100;
    const int MaxCopies = 100;
    const int MaxMs = 600_000;

    public static readonly Schedule Usual = new();

    public IReadOnlyList<Behaviour> Rules => Calls ?? [];

    public Telling Told => Callbacks ?? new();

    public Result<Schedule> Checked() =>
        Rules.Count <= MaxCalls
        && Rules.All(rule => rule is { DelayMs: >= 0 and <= MaxMs, PerMille: >= 0 and <= 1000, Nth: null or > 0 })
        && Told is { Copies: > 0 and <= MaxCopies, DelayMs: >= 0 and <= MaxMs, SpreadMs: >= 0 and <= MaxMs }
            ? this
            : Rejections.RequestInvalid.Because(
                $"At most {MaxCalls} calls and {MaxCopies} copies; delays up to {MaxMs} ms; perMille to 1000; nth from 1."
            );

    /// <summary>A number from 0 up to a bound, that seed and words alone decide.</summary>
    public int Draw(int bound, params ReadOnlySpan<string> words)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}\n{string.Join('\n', words)}"));
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % (uint)bound);
    }
}

/// <summary>The schedule that holds now, and how far its counts have come. Safe for concurrent use.</summary>
sealed class Conduct
{
    readonly Lock gate = new();
    Schedule schedule = Schedule.Usual;
    int[] counts = [];

    public void Follow(Schedule next)
    {
        lock (gate)
            (schedule, counts) = (next, new int[next.Rules.Count]);
    }

    /// <summary>What happens to this call: the first rule that is about it; null where nothing does.</summary>
    public Behaviour? Next(Wanted wanted)
    {
        lock (gate)
        {
            Behaviour? chosen = null;
            for (var i = 0; i < counts.Length; i++)
            {
                var rule = schedule.Rules[i];
                if (rule.Token is { } token && token != wanted.Token)
                    continue;
                counts[i]++;
                if (
                    chosen is null
                    && (rule.Nth is null || rule.Nth == counts[i])
                    && schedule.Draw(1000, $"{i}", wanted.Key, $"{counts[i]}") < rule.PerMille
                )
                    chosen = rule;
            }
            return chosen;
        }
    }

    /// <summary>How many copies of a callback, and after how long.</summary>
    public (int Copies, TimeSpan Delay) Tell(string id)
    {
        lock (gate)
        {
            var told = schedule.Told;
            var delayMs = told.DelayMs + schedule.Draw(told.SpreadMs + 1, "callback", id);
            return (told.Copies, TimeSpan.FromMilliseconds(delayMs));
        }
    }
}
