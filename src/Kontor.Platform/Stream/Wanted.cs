using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;

namespace Kontor.Platform.Stream;

/// <summary>What a client asks for: topics, and for those that it resumes the position it has.</summary>
sealed record Wanted(IReadOnlyList<LiveFeed> Feeds, IReadOnlyDictionary<string, Position> After)
{
    public static Result<Wanted> Of(string? topics, string? after, LiveFeeds feeds)
    {
        var names = topics?.Split(',') ?? [];
        if (
            names.Length == 0
            || names.Length > feeds.Options.MaxTopics
            || names.Distinct(StringComparer.Ordinal).Count() != names.Length
        )
            return Refusals.ValidationFailed.At(
                "topics",
                $"Names 1 to {feeds.Options.MaxTopics} topics, each once, with commas between."
            );

        var wanted = new List<LiveFeed>();
        foreach (var name in names)
            if (feeds.Find(name) is { } feed)
                wanted.Add(feed);
            else
                return StreamRejections.UnknownTopic.Because(
                    $"'{name}' is not one of {string.Join(", ", feeds.Topics)}."
                );

        var positions = new Dictionary<string, Position>(StringComparer.Ordinal);
        foreach (var text in after is null ? [] : after.Split(','))
        {
            if (!Position.TryParse(text, out var position))
                return StreamRejections.InvalidPosition.Because(
                    "A position is written topic:0, topic:incarnation.sequence or topic:incarnation~id."
                );
            if (!names.Contains(position.Value.Topic) || !positions.TryAdd(position.Value.Topic, position.Value))
                return StreamRejections.InvalidPosition.Because(
                    $"'{position.Value.Topic}' is named twice, or is not among the topics asked for."
                );
        }
        return new Wanted(wanted, positions);
    }

    /// <summary>The scopes that the caller lacks; whole topics are read with the topic's own read scope.</summary>
    public Rejection? Refuse(VerifiedToken caller)
    {
        var missing = Feeds
            .Select(feed => $"{feed.Topic}:read")
            .Prepend(Scopes.StreamRead)
            .Where(scope => !caller.Caller.HasScope(scope))
            .ToArray();
        return missing.Length == 0
            ? null
            : Refusals.Forbidden.Because($"The access token lacks the scope {string.Join(' ', missing)}.");
    }

    /// <summary>Finds the place in each topic to begin after: the position's, or the head of now.</summary>
    /// <remarks>The head is read before the position is resolved: if the journal forks between the two, the seat has the
    /// older incarnation and its first read finds the fork.</remarks>
    public async Task<Result<IReadOnlyList<Seat>>> Sit(TimeSpan numberedWithin, CancellationToken stop)
    {
        var seats = new List<Seat>();
        foreach (var feed in Feeds)
        {
            var head = await feed.Journal.Head(stop);
            if (!After.TryGetValue(feed.Topic, out var position))
            {
                seats.Add(new(feed, head.Incarnation, head.Sequence));
                continue;
            }
            switch (await feed.Journal.Resolve(position, numberedWithin, stop))
            {
                case ResolvedPosition.After after:
                    seats.Add(new(feed, head.Incarnation, after.Sequence));
                    break;
                case ResolvedPosition.Reset reset:
                    seats.Add(new(feed, head.Incarnation, reset.Fork) { BeginsWithReset = true });
                    break;
                case ResolvedPosition.NotYet:
                    return StreamRejections.PositionNotReached.Because($"{position}");
                default:
                    return StreamRejections.InvalidPosition.Because(
                        $"{position} is not a place in the journal of {feed.Topic}."
                    );
            }
        }
        return seats;
    }
}
