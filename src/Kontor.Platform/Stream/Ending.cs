using Kontor.Kernel;
using Kontor.Platform.Http;

namespace Kontor.Platform.Stream;

/// <summary>Why a connection ends.</summary>
/// <param name="Close">The WebSocket close code.</param>
sealed record Ending(int Close, string Code, string Message)
{
    public static readonly Ending Left = new(1000, "", "The client closed.");
    public static readonly Ending GoingAway = new(1001, "GOING_AWAY", "The server shuts down; resume at once.");
    public static readonly Ending NothingToSay = new(1008, "UNEXPECTED_MESSAGE", "Only the first message is read.");
    public static readonly Ending TooLong = new(1009, "MESSAGE_TOO_LARGE", "A message has at most 4096 bytes.");
    public static readonly Ending TokenExpired = new(
        4401,
        "TOKEN_EXPIRED",
        "The access token has expired; resume with a new one."
    );
    public static readonly Ending NoToken = Of(Refusals.Unauthenticated.Because("No access token came in time."));

    public static Ending Of(Rejection refused) =>
        new(
            refused.Status switch
            {
                401 => 4401,
                403 => 4403,
                503 => 1013,
                _ => 4400,
            },
            refused.Code,
            refused.Detail ?? refused.Message
        );
}
