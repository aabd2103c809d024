namespace Kontor.Platform;

/// <summary>A setting that cannot be used. The message is for the operator: which one, and what it must be.</summary>
public sealed class MisconfiguredException(string message) : Exception(message);
