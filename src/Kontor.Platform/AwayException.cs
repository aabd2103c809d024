using Kontor.Kernel;

namespace Kontor.Platform;

/// <summary>Machinery beside the database does not answer now, or not in time. The message is for the log.</summary>
/// <param name="answer">What callers are told, with the seconds after which they may try again.</param>
public sealed class AwayException(Rejection answer, string message, Exception? inner = null)
    : IOException(message, inner)
{
    public Rejection Answer => answer;
}
