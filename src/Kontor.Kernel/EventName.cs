using System.Collections.Concurrent;
using System.Reflection;

namespace Kontor.Kernel;

/// <summary>The written name of an event, for ever: <c>noun.verbed.vN</c>, hyphens inside a word.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventNameAttribute(string name) : Attribute
{
    static readonly ConcurrentDictionary<Type, string> Names = new();

    public string Name => name;

    /// <summary>The name written on an event's type; a type without one is a bug.</summary>
    public static string Of(Type type) =>
        Names.GetOrAdd(
            type,
            static t =>
                t.GetCustomAttribute<EventNameAttribute>()?.Name
                ?? throw new InvalidOperationException($"{t} has no [EventName].")
        );
}
