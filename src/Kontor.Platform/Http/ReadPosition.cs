using Kontor.Journal;
using Kontor.Kernel;
using Microsoft.AspNetCore.Http;

namespace Kontor.Platform.Http;

/// <summary>The consistency token: what a write answered, sent back by a read that wants to see at least that.</summary>
public static class ReadPosition
{
    /// <summary>More than there are services.</summary>
    const int Most = 10;

    /// <summary>The position in a service's journal that this read must not be older than; null where it names none.
    /// <c>Kontor-Position</c> holds one, or several of different services separated by commas.</summary>
    public static Result<Position?> AtLeast(this HttpContext http, string topic)
    {
        var header = http.Request.Headers[KontorHeaders.Position];
        if (header.Count == 0)
            return (Position?)null;
        Position? own = null;
        var given = header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (given.Count > Most)
            return Refusals.PositionMalformed;
        foreach (var one in given)
            if (!Position.TryParse(one, out var position))
                return Refusals.PositionMalformed;
            else if (position.Value.Topic == topic)
                own = position;
        return own;
    }
}
