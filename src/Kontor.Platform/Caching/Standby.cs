namespace Kontor.Platform.Caching;

/// <summary>A cache that goes on while its service's database is away.</summary>
public sealed record Standby(string Service, BodyCache Cache);
