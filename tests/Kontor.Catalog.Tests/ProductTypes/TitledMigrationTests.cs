using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Catalog.Tests.Prices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>A migration whose changes are not all about attributes.</summary>
public sealed class TitledMigrationTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task The_title_of_the_type_may_change_with_it()
    {
        var type = shop.Fresh("titled");
        var path = $"{Types.Path}/{type}";
        const string Attribute = """{"key":"before","kind":"text"}""";
        (
            await shop.Staff.Post(Types.Path, $$"""{"key":"{{type}}","title":"Before","attributes":[{{Attribute}}]}""")
        ).Is(201);
        (
            await shop.Put(
                path,
                """
                {"title":"After","attributes":[{"key":"after","kind":"text"}],
                "migration":[{"do":"rename","attribute":"before","to":"after"}]}
                """,
                "*"
            )
        ).Is(202);

        foreach (var job in shop.Services.GetServices<IHostedService>().OfType<MigrateProducts>())
            await job.StopAsync(CancellationToken.None);
        var driver = new MigrationBatch(shop.Database, TimeProvider.System);
        while (await driver.Next(CancellationToken.None)) { }

        var told = (await shop.Stranger.Get(path)).Is(200);
        Assert.Equal("After", told.Value("title"));
        Assert.False(told.Data.TryGetProperty("migration", out _));
    }
}
