using Kontor.Catalog.Tests.Media.Stores;

namespace Kontor.Catalog.Tests.Media;

/// <summary>A shop whose pictures lie in a bucket.</summary>
public sealed class BucketShop : IAsyncLifetime
{
    public Shop Shop { get; } = new();

    internal S3Server Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Store = await S3Server.Start();
        Shop.Pictures = Store.Place with { Patience = TimeSpan.FromSeconds(3) };
        await Shop.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        await Store.DisposeAsync();
    }
}
