using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>What is asked for.</summary>
/// <param name="Key">Chosen by who asks; stands for one authorisation at most.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="Callbacks">Where every change is to be told.</param>
sealed record Wanted(string Key, long Amount, string Currency, string Token, string? Callbacks = null);

/// <summary>Everything that the sandbox took, and what it told about it.</summary>
/// <remarks>Safe for concurrent use. An entry stands in the file before the memory knows it, and in the memory before
/// anybody is answered.</remarks>
sealed class Books : IDisposable
{
    readonly Lock gate = new();
    readonly BookFile file;
    readonly TimeProvider clock;
    readonly Dictionary<string, Authorisation> byKey = new(StringComparer.Ordinal);
    readonly List<string> keys = [];
    long entries;

    Books(BookFile file, TimeProvider clock) => (this.file, this.clock) = (file, clock);

    /// <summary>Told of every change that is to be called back, inside the lock: it only queues.</summary>
    public Action<string, Change>? Tell { private get; set; }

    public static Books Open(string path, TimeProvider clock)
    {
        var opened = BookFile.Open(path);
        var books = new Books(opened, clock);
        try
        {
            foreach (var entry in opened.Read())
                books.Reread(entry);
            return books;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Books the money, or finds what stands under the key.</summary>
    public Result<Authorisation> Authorise(Wanted wanted)
    {
        if (Tokens.StateOf(wanted.Token) is not { } state)
            return Rejections.TokenUnknown;
        lock (gate)
        {
            if (!byKey.TryGetValue(wanted.Key, out var standing))
                return Write(
                    EntryKind.Booked,
                    wanted.Key,
                    entry =>
                        entry with
                        {
                            State = state,
                            Reference = NewReference(),
                            Token = wanted.Token,
                            Amount = wanted.Amount,
                            Currency = wanted.Currency,
                            Callbacks = wanted.Callbacks,
                        }
                );
            if (!IsFor(standing, wanted))
                return Rejections.KeyUsedOtherwise;
            return byKey[wanted.Key] = standing with { Asked = standing.Asked + 1 };
        }
    }

    public Authorisation? Find(string key)
    {
        lock (gate)
            return byKey.GetValueOrDefault(key);
    }

    /// <summary>Gives back what is held. An unknown key is booked as cancelled, so that whatever comes late fails.</summary>
    public Authorisation Cancel(string key)
    {
        lock (gate)
            return byKey.GetValueOrDefault(key) switch
            {
                null => Write(
                    EntryKind.Booked,
                    key,
                    entry => entry with { State = State.Cancelled, Reference = NewReference() }
                ),
                { State: State.Cancelled or State.Declined } standing => standing,
                _ => Write(EntryKind.Changed, key, entry => entry with { State = State.Cancelled }),
            };
    }

    /// <summary>The buyer confirms or declines a challenge; the same again changes nothing.</summary>
    public Result<Authorisation> Answer(string key, State answer)
    {
        lock (gate)
            return byKey.GetValueOrDefault(key) switch
            {
                null => Rejections.AuthorisationNotFound,
                { State: State.Challenged } => Write(EntryKind.Changed, key, entry => entry with { State = answer }),
                { } standing when standing.State == answer => standing,
                _ => Rejections.NotChallenged,
            };
    }

    /// <summary>The callback of a change was taken, or was given up.</summary>
    public void Told(string key, int sequence, bool isTaken)
    {
        lock (gate)
            Write(isTaken ? EntryKind.Delivered : EntryKind.GivenUp, key, entry => entry with { Sequence = sequence });
    }

    /// <summary>Authorisations in the order of their booking.</summary>
    /// <param name="after">How many to leave out.</param>
    public IReadOnlyList<Authorisation> Page(int after, int limit)
    {
        lock (gate)
            return [.. keys.Skip(after).Take(limit).Select(key => byKey[key])];
    }

    /// <summary>The changes whose callbacks nobody has taken yet.</summary>
    public IReadOnlyList<(string Key, Change Change)> Untold()
    {
        lock (gate)
            return
            [
                .. from key in keys
                from change in byKey[key].Changes
                where change.Delivery == Delivery.Waiting
                select (key, change),
            ];
    }

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    /// <summary>A key that was cancelled before it was used has no amount that could differ.</summary>
    static bool IsFor(Authorisation standing, Wanted wanted) =>
        standing.Currency.Length == 0 || (standing.Amount == wanted.Amount && standing.Currency == wanted.Currency);

    Authorisation Write(EntryKind kind, string key, Func<Entry, Entry> fill)
    {
        var entry = fill(new(entries + 1, kind, key, clock.GetUtcNow()));
        file.Append(entry);
        var after = Fold(entry);
        if (kind is EntryKind.Booked or EntryKind.Changed && after.Callbacks is not null)
            Tell?.Invoke(key, after.Changes[^1]);
        return after;
    }

    /// <summary>A line that is JSON and yet no entry that can follow the others is named, as one that is no JSON is.</summary>
    void Reread(Entry entry)
    {
        try
        {
            Fold(entry);
        }
        catch (Exception broken) when (broken is InvalidDataException or InvalidOperationException or ArgumentException)
        {
            throw file.Broken(broken);
        }
    }

    Authorisation Fold(Entry entry)
    {
        if (entry.No != ++entries)
            throw new InvalidDataException($"The books lack entry {entries}.");
        var before = byKey.GetValueOrDefault(entry.Key);
        if (before is null)
            keys.Add(entry.Key);
        return byKey[entry.Key] = Authorisation.Apply(before, entry);
    }

    string NewReference() => $"sandbox-{Id<Authorisation>.New(clock)}";
}
