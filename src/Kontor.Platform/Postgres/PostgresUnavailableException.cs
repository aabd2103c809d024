namespace Kontor.Platform.Postgres;

/// <summary>PostgreSQL cannot be had; the message is for the operator and says what to do.</summary>
public sealed class PostgresUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
