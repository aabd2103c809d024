namespace Kontor.Platform.Stream;

/// <summary>What the stream says of itself, between events; it has a type and no sequence.</summary>
/// <param name="Position">Where the connection stands, to resume from; absent before it has a place.</param>
/// <param name="Topic">The one topic it is about; absent when it is about the connection.</param>
/// <param name="Behind">How many events behind the newest (lagging).</param>
/// <param name="Incarnation">The journal's new incarnation (reset).</param>
/// <param name="Fork">The last sequence shared with it: what the client holds beyond never happened (reset).</param>
/// <param name="Code">Why the server closes (closed).</param>
/// <param name="Message">The same for a person.</param>
sealed record ControlFrame(
    string Type,
    string? Position,
    string? Topic = null,
    long? Behind = null,
    string? Incarnation = null,
    long? Fork = null,
    string? Code = null,
    string? Message = null
)
{
    /// <summary>The first frame: the position from which all is sent.</summary>
    public const string Open = "kontor.stream.open";

    /// <summary>The topic has been read up and is live from here on.</summary>
    public const string Live = "kontor.stream.live";

    /// <summary>The client was too slow for the buffer; the topic goes on from the journal.</summary>
    public const string Lagging = "kontor.stream.lagging";

    /// <summary>The journal began anew behind the client's position; the topic goes on after the fork.</summary>
    public const string Reset = "kontor.stream.reset";

    public const string Heartbeat = "kontor.stream.heartbeat";

    /// <summary>The last frame: why the server ends the connection.</summary>
    public const string Closed = "kontor.stream.closed";
}
