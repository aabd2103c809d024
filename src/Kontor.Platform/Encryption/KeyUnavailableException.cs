namespace Kontor.Platform.Encryption;

/// <summary>A key cannot be had that is needed; the message is for the operator and says what to do.</summary>
public sealed class KeyUnavailableException(string message) : Exception(message);
