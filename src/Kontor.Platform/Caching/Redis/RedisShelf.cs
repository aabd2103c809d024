using System.Text.Json;
using System.Threading.Channels;
using Kontor.Journal;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kontor.Platform.Caching.Redis;

/// <summary>Bodies that processes share in Redis. What it gives is judged by the process's own shelf, as a load is; what it
/// is told stands under the law of its scripts.</summary>
public sealed class RedisShelf : ISecondLevel, IAsyncDisposable
{
    const int MostWaiting = 1_000;

    /// <summary>Of a body that nothing bounds; what is not asked for goes by itself.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    readonly Reach reach;
    readonly TimeProvider clock;
    readonly RedisLink link;

    // Evictions that get lost on the way leave a gap, and who finds a gap draws a new generation.
    readonly Channel<Swept> evictions = Channel.CreateBounded<Swept>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    readonly Channel<Offered> offers = Channel.CreateBounded<Offered>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <exception cref="MisconfiguredException">It is no connection string.</exception>
    public RedisShelf(string connection, Reach reach, TimeProvider clock, ILogger<RedisShelf> log) =>
        (this.reach, this.clock, link) = (reach, clock, new(connection, log));

    public bool IsThere => link.IsThere;

    public async Task<Tickets?> Find(IReadOnlyList<BodyKey> keys, CancellationToken stop)
    {
        var position = reach.Position;
        if (position.Incarnation.Length == 0)
            return null;
        var asked = clock.GetTimestamp();
        RedisValue[] values =
        [
            PrefixOf(position.Incarnation),
            NewGeneration(),
            position.Number,
            .. keys.Select(key => (RedisValue)NameOf(key)),
        ];
        var answer = await link.Call(RedisScripts.Find, StateOf(position.Incarnation), values, stop);
        if (answer is null)
            return null;
        try
        {
            return Read((RedisResult[])answer!, keys, position.Incarnation, asked);
        }
        catch (Exception strange) when (strange is JsonException or InvalidCastException or ArgumentException)
        {
            // Somebody else wrote there, or another version of this program.
            CacheMeter.SecondFault();
            return null;
        }
    }

    Tickets Read(RedisResult[] parts, IReadOnlyList<BodyKey> keys, string incarnation, long asked)
    {
        var swept = (long)parts[2];
        var found = new List<Kept>();
        for (var i = 3; i < parts.Length; i++)
        {
            var one = (RedisResult[])parts[i]!;
            if (one.Length == 0 || (long)one[2] <= 0)
                continue;
            var (body, head) = PackedBody.Unpack(
                (byte[])one[3]!,
                (string)one[1]!,
                (incarnation, (long)one[0]),
                (long)one[2]
            );
            found.Add(new(keys[i - 3], body, head, clock, asked) { AsOf = Math.Max(head.Sequence, swept) });
        }
        CacheMeter.SecondHit(found.Count);
        return new(found, asked, (string)parts[0]!, (long)parts[1]);
    }

    public void Offer(Tickets? tickets, Kept entry)
    {
        if (tickets?.Generation is not null)
            offers.Writer.TryWrite(new(tickets, entry));
    }

    public void Evict(string incarnation, long from, long to, IReadOnlyList<Eviction> gone) =>
        evictions.Writer.TryWrite(new(incarnation, from, to, gone));

    /// <summary>Tells Redis what it is told, as long as the process serves.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(Sweep(stop), Store(stop));

    async Task Sweep(CancellationToken stop)
    {
        await foreach (var swept in evictions.Reader.ReadAllAsync(stop))
        {
            var all = swept.Gone.Any(gone => gone.Tag == Eviction.Everything);
            RedisValue[] values =
            [
                PrefixOf(swept.Incarnation),
                NewGeneration(),
                swept.From,
                swept.To,
                all ? 1 : 0,
                .. all ? [] : swept.Gone.SelectMany<Eviction, RedisValue>(gone => [gone.Tag, gone.Sequence]),
            ];
            await link.Call(RedisScripts.Evict, StateOf(swept.Incarnation), values, stop);
        }
    }

    async Task Store(CancellationToken stop)
    {
        await foreach (var (tickets, entry) in offers.Reader.ReadAllAsync(stop))
        {
            var lasts =
                MsUntil(entry.Until) is { } known && known < Longest.TotalMilliseconds
                    ? known
                    : (long)Longest.TotalMilliseconds;
            if (lasts <= 0)
                continue;
            RedisValue[] values =
            [
                PrefixOf(entry.Head.Incarnation),
                tickets.Generation,
                tickets.AskedThere,
                entry.Head.Sequence,
                lasts,
                NameOf(entry.Key),
                string.Join('\n', entry.Body.Tags),
                PackedBody.Pack(entry, lasts, MsUntil(entry.Ends)),
            ];
            await link.Call(RedisScripts.Store, StateOf(entry.Head.Incarnation), values, stop);
        }
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();

    long? MsUntil(long moment) =>
        moment == long.MaxValue ? null : (moment - clock.GetTimestamp()) * 1_000 / clock.TimestampFrequency;

    RedisKey StateOf(string incarnation) => $"{PrefixOf(incarnation)}state";

    /// <summary>The braces keep all of it on one node of a cluster, as its scripts need.</summary>
    string PrefixOf(string incarnation) => $"kontor:{{{reach.Topic}.{incarnation}}}:";

    static string NewGeneration() =>
        System.Security.Cryptography.RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Lengths keep apart what a separator would not.</summary>
    static string NameOf(BodyKey key) => $"{key.Space.Length}:{key.Space}{key.Name}:{key.Id:N}";

    sealed record Swept(string Incarnation, long From, long To, IReadOnlyList<Eviction> Gone);

    sealed record Offered(Tickets Tickets, Kept Entry);
}
