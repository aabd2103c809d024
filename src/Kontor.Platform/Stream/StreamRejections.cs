using Kontor.Kernel;

namespace Kontor.Platform.Stream;

/// <summary>The refusals of the stream.</summary>
static class StreamRejections
{
    public static readonly Rejection UnknownTopic = new(
        "UNKNOWN_TOPIC",
        404,
        "There is no such topic here; a topic is the name of a service."
    );
    public static readonly Rejection InvalidPosition = new(
        "INVALID_POSITION",
        400,
        "The position is not one that this stream gave; read anew and start from there."
    );
    public static readonly Rejection PositionNotReached = new(
        "POSITION_NOT_REACHED",
        503,
        "The position's event is committed and not numbered yet; try again."
    )
    {
        RetryAfterSeconds = 1,
    };
    public static readonly Rejection StreamFull = new(
        "STREAM_FULL",
        503,
        "This process streams to as many clients as it may; try again."
    )
    {
        RetryAfterSeconds = 5,
    };
}
