namespace Kontor.Platform.Stream;

/// <summary>Limits and times of the stream; the configuration section <c>Stream</c>.</summary>
public sealed class StreamOptions
{
    public const string Section = "Stream";

    /// <summary>Longest message that a client may send; a token in JSON is all it ever has to say.</summary>
    public const int MaxMessageBytes = 4096;

    /// <summary>Connections of this process, those still without a token included.</summary>
    public int MaxConnections { get; set; } = 5_000;

    public int MaxTopics { get; set; } = 16;

    /// <summary>The longest silence that a client sees.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a WebSocket without Authorization header may take to send its token.</summary>
    public TimeSpan TokenWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a write may stand still until the client counts as gone; it resumes when it comes back.</summary>
    public TimeSpan WriteWithin { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connect with a write position may wait until its event is numbered.</summary>
    public TimeSpan NumberedWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a topic is still read for nobody after its last client left: one that only reconnects finds it
    /// at work. Then the journal is left alone until somebody comes.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Events kept in memory for each topic. A client that falls behind the oldest is lagging.</summary>
    public int BufferEvents { get; set; } = 4_096;

    /// <summary>Bytes kept in memory for each topic, whichever bound is met first.</summary>
    public int BufferBytes { get; set; } = 16 << 20;

    /// <summary>Deliveries a second to all clients together above which frames are joined.</summary>
    public int JoinAbovePerSecond { get; set; } = 5_000;

    public TimeSpan JoinFor { get; set; } = TimeSpan.FromMilliseconds(50);
}
