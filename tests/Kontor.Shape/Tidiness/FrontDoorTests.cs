using System.Reflection;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Shape.Tidiness;

/// <summary>A service's FrontDoor.cs is its table of contents.</summary>
public sealed class FrontDoorTests
{
    [Fact]
    public void Every_feature_stands_in_its_front_door()
    {
        var features = Rooms.Services.SelectMany(service => service.GetTypes().Where(IsFeature)).ToList();

        Assert.NotEmpty(features);
        Assert.Equal(
            [],
            features
                .Where(feature => !IsListed(feature.Name, FrontDoorOf(feature.Assembly)))
                .Select(feature => $"{feature.FullName} is not mapped.")
        );
    }

    [Fact]
    public void A_forgotten_feature_is_found()
    {
        Assert.True(IsListed("AddLine", "        AddLine.Map(carts);\n"));
        Assert.False(IsListed("AddLine", "        // AddLine.Map(carts);\n"));
        Assert.False(IsListed("Line", "        AddLine.Map(carts);\n"));
        Assert.True(IsFeature(typeof(Planted)));
    }

    /// <summary>A static class that maps itself.</summary>
    static bool IsFeature(Type type) =>
        type is { IsAbstract: true, IsSealed: true }
        && type.GetMethod(
            "Map",
            BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic,
            [typeof(IEndpointRouteBuilder)]
        )
            is not null;

    static bool IsListed(string feature, string frontDoor) =>
        frontDoor.Split('\n').Any(line => line.TrimStart().StartsWith($"{feature}.Map(", StringComparison.Ordinal));

    static string FrontDoorOf(Assembly service) => Repository.Read($"src/{service.GetName().Name}/FrontDoor.cs");

    static class Planted
    {
        public static void Map(IEndpointRouteBuilder routes) => routes.DataSources.Clear();
    }
}
