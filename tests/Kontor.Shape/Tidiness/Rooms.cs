using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kontor.Shape.Tidiness;

/// <summary>The types that people wrote, of every room.</summary>
static class Rooms
{
    public const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<Assembly> Services { get; } =
    [Assembly.Load("Kontor.Catalog"), Assembly.Load("Kontor.Ordering"), Assembly.Load("Kontor.Identity")];

    public static IReadOnlyList<Assembly> All { get; } =
    [
        .. Services,
        Assembly.Load("Kontor.Kernel"),
        Assembly.Load("Kontor.Journal"),
        Assembly.Load("Kontor.Contracts"),
        Assembly.Load("Kontor.Platform"),
        Assembly.Load("Kontor.Sandbox"),
        Assembly.Load("Kontor.Imports"),
        Assembly.Load("Kontor.Search"),
        Assembly.Load("Kontor.Search.OpenSearch"),
        Assembly.Load("kontor"),
    ];

    /// <summary>Not what compilers and generators add.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. All.SelectMany(assembly => assembly.GetTypes())
            .Where(type =>
                !type.Name.Contains('<', StringComparison.Ordinal)
                && type.Namespace?.StartsWith("Kontor.", StringComparison.Ordinal) == true
                && !IsGenerated(type)
            ),
    ];

    public static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null
        || (
            type.IsValueType
            && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null
        );

    static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
