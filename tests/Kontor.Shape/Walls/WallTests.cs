using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Kontor.Shape.Walls;

public sealed class WallTests
{
    static readonly string[] Projects =
    [
        .. Repository
            .Files.Where(path =>
                path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal)
            )
            .Select(path => Path.GetFileNameWithoutExtension(path)["Kontor.".Length..]),
    ];

    [Fact]
    public void No_project_file_reaches_through_a_wall()
    {
        var building = Building(room => ReferencesOf($"src/Kontor.{room}/Kontor.{room}.csproj"));

        Assert.Equal([], building.Breaches());
    }

    [Fact]
    public void No_compiled_room_reaches_through_a_wall()
    {
        // What the compiler saw: a reference that came along transitively shows here and not in the project file.
        var building = Building(AssembliesOf);

        Assert.Equal([], building.Breaches());
    }

    [Fact]
    public void The_rooms_are_all_there() =>
        Assert.Superset(
            new HashSet<string>([
                "Kernel",
                "Journal",
                "Contracts",
                "Platform",
                "Identity",
                "Catalog",
                "Ordering",
                "Sandbox",
                "Search",
                "Search.OpenSearch",
                "Host",
            ]),
            Projects.ToHashSet()
        );

    [Theory]
    [InlineData("Ordering", "Catalog")]
    [InlineData("Catalog", "Identity")]
    [InlineData("Payments", "Ordering")]
    [InlineData("Platform", "Catalog")]
    [InlineData("Journal", "Platform")]
    [InlineData("Contracts", "Journal")]
    [InlineData("Kernel", "Contracts")]
    [InlineData("Catalog", "Host")]
    [InlineData("Ordering", "Sandbox")]
    [InlineData("Sandbox", "Ordering")]
    [InlineData("Sandbox", "Contracts")]
    [InlineData("Kernel", "Npgsql")]
    [InlineData("Kernel", "Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("Contracts", "Dapper")]
    [InlineData("Catalog", "Microsoft.EntityFrameworkCore")]
    [InlineData("Platform", "OpenIddict.Server")]
    public void A_planted_reference_is_found(string room, string other)
    {
        var building = new Building(
            Projects
                .Append("Payments")
                .ToDictionary(
                    name => name,
                    name => (IReadOnlyList<string>)(name == room ? [other] : []),
                    StringComparer.Ordinal
                )
        );

        var breach = Assert.Single(building.Breaches().DistinctBy(said => said.Split(',', '.')[0]));
        Assert.StartsWith($"{room} uses {other}", breach);
    }

    [Fact]
    public void What_a_service_may_use_is_not_a_breach()
    {
        var building = new Building(
            Projects.ToDictionary(
                name => name,
                name =>
                    (IReadOnlyList<string>)(name == "Catalog" ? ["Kernel", "Journal", "Contracts", "Platform"] : []),
                StringComparer.Ordinal
            )
        );

        Assert.Equal([], building.Breaches());
    }

    static Building Building(Func<string, IEnumerable<string>> uses) =>
        new(
            Projects.ToDictionary(name => name, name => (IReadOnlyList<string>)[.. uses(name)], StringComparer.Ordinal)
        );

    static IEnumerable<string> ReferencesOf(string project) =>
        XDocument
            .Parse(Repository.Read(project))
            .Descendants()
            .Where(element =>
                element.Name.LocalName is "ProjectReference" or "PackageReference" or "FrameworkReference"
            )
            .Select(element => (string)element.Attribute("Include")!)
            .Select(include =>
                include.EndsWith(".csproj", StringComparison.Ordinal)
                    ? Path.GetFileNameWithoutExtension(include)["Kontor.".Length..]
                    : include
            );

    static IEnumerable<string> AssembliesOf(string room)
    {
        var name = room == "Host" ? "kontor.dll" : $"Kontor.{room}.dll";
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name)));
        var reader = file.GetMetadataReader();
        return
        [
            .. reader
                .AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
                .Select(used => used.StartsWith("Kontor.", StringComparison.Ordinal) ? used["Kontor.".Length..] : used),
        ];
    }
}
