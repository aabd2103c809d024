using ArchUnitNET.Loader;
using Kontor.Kernel;

namespace Kontor.Shape.Walls;

/// <summary>Inside a service the folders of nouns depend on each other in one direction.</summary>
public sealed class NounTests
{
    [Theory]
    [InlineData("Kontor.Catalog")]
    [InlineData("Kontor.Ordering")]
    [InlineData("Kontor.Identity")]
    public void Nouns_form_no_cycle(string service) => Assert.Equal([], CycleIn(EdgesOf(service)));

    [Fact]
    public void A_planted_cycle_is_found()
    {
        Assert.Equal(
            ["Carts", "Orders", "Payments", "Carts"],
            CycleIn([("Carts", "Orders"), ("Orders", "Payments"), ("Payments", "Carts"), ("Search", "Carts")])
        );
        Assert.Empty(CycleIn([("Carts", "Orders"), ("Carts", "Payments"), ("Orders", "Payments")]));
    }

    [Fact]
    public void The_edges_are_seen() => Assert.Contains(("Products", "Stock"), EdgesOf("Kontor.Catalog"));

    /// <summary>Which noun uses which. To name another noun's id is not to use it: <c>Id&lt;Order&gt;</c> needs no orders.</summary>
    static HashSet<(string From, string To)> EdgesOf(string service)
    {
        var assembly = System.Reflection.Assembly.Load(service);
        var named = assembly
            .GetTypes()
            .SelectMany(type => type.GetProperties().Select(property => property.PropertyType))
            .Select(type => Nullable.GetUnderlyingType(type) ?? type)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
            .Select(type => type.GetGenericArguments()[0].FullName)
            .ToHashSet(StringComparer.Ordinal);
        return new ArchLoader()
            .LoadAssemblies(assembly)
            .Build()
            .Types.SelectMany(type => type.Dependencies)
            .Where(use => !named.Contains(use.Target.FullName))
            .Select(use => (NounOf(use.Origin.Namespace?.FullName), NounOf(use.Target.Namespace?.FullName)))
            .Where(edge => edge.Item1 is not null && edge.Item2 is not null && edge.Item1 != edge.Item2)
            .Select(edge => (edge.Item1!, edge.Item2!))
            .ToHashSet();

        string? NounOf(string? space) =>
            space?.StartsWith($"{service}.", StringComparison.Ordinal) == true
                ? space[(service.Length + 1)..].Split('.')[0]
                : null;
    }

    /// <summary>A way from a noun back to itself; empty where there is none.</summary>
    static List<string> CycleIn(IReadOnlyCollection<(string From, string To)> edges)
    {
        return edges
                .Select(edge => edge.From)
                .Order(StringComparer.Ordinal)
                .Select(start => WayBack([start]))
                .FirstOrDefault(way => way.Count > 0)
            ?? [];

        List<string> WayBack(List<string> way)
        {
            foreach (
                var next in edges
                    .Where(edge => edge.From == way[^1])
                    .Select(edge => edge.To)
                    .Order(StringComparer.Ordinal)
            )
            {
                if (next == way[0])
                    return [.. way, next];
                if (!way.Contains(next) && WayBack([.. way, next]) is { Count: > 0 } found)
                    return found;
            }
            return [];
        }
    }
}
