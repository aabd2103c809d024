using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using ArchUnit = ArchUnitNET.Domain.Architecture;

namespace Kontor.Shape.Walls;

/// <summary>Inside a service the folders of nouns depend on each other in one direction.</summary>
public sealed class NounTests
{
    static readonly Lazy<ArchUnit> House = new(() =>
        new ArchLoader()
            .LoadAssemblies(
                typeof(Kontor.Catalog.CatalogDatabase).Assembly,
                typeof(Kontor.Ordering.OrderingDatabase).Assembly,
                typeof(Kontor.Identity.IdentityDatabase).Assembly
            )
            .Build()
    );

    [Theory]
    [InlineData("Catalog")]
    [InlineData("Ordering")]
    [InlineData("Identity")]
    public void Nouns_form_no_cycle(string service) =>
        SliceRuleDefinition.Slices().Matching($"Kontor.{service}.(*)").Should().BeFreeOfCycles().Check(House.Value);
}
