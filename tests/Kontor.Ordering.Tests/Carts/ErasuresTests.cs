using Kontor.Ordering.Carts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kontor.Ordering.Tests.Carts;

public sealed class ErasuresTests(Shop shop) : IClassFixture<Shop>
{
    /// <summary>A restored key store, or a process that died between the commit and the destruction, looks like this.</summary>
    [Fact]
    public async Task A_key_that_came_back_is_destroyed_by_the_replay()
    {
        var erasures = shop.Services.GetServices<IHostedService>().OfType<Erasures>().Single();
        var guests = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Guest.Ready(shop, shop.Catalog.Sells(100))));
        var files = guests
            .Select(guest =>
                Directory.GetFiles(shop.KeyStore, $"{guest.Cart}.key", SearchOption.AllDirectories).Single()
            )
            .ToList();
        var backup = files.Select(File.ReadAllBytes).ToList();
        (await Erase(guests[0])).Is(200);
        (await Erase(guests[1])).Is(200);
        for (var i = 0; i < files.Count; i++)
            await File.WriteAllBytesAsync(files[i], backup[i]);

        var destroyed = await erasures.Replay(DateTimeOffset.MinValue, default);

        Assert.Equal(2, destroyed);
        Assert.True(shop.Keys.Persons.IsDestroyed(Guid.Parse(guests[0].Cart)));
        Assert.True(shop.Keys.Persons.IsDestroyed(Guid.Parse(guests[1].Cart)));
        Assert.Equal("ada@example.org", (await guests[2].Look()).Data.GetProperty("email").GetString());
        Assert.Equal(0, await erasures.Replay(DateTimeOffset.MinValue, default));
    }

    [Fact]
    public async Task The_replay_goes_through_more_than_one_batch()
    {
        var erasures = shop.Services.GetServices<IHostedService>().OfType<Erasures>().Single();
        const int Count = Erasures.BatchSize + 5;
        await using var insert = shop.Database.Source.CreateCommand(
            $"""
            insert into carts (id, token_hash, currency, created_at, changed_at, erased_at)
            select gen_random_uuid(), sha256('x'), 'EUR', now(), now(), timestamptz '2001-01-01' from generate_series(1, {Count})
            """
        );
        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.InRange(await erasures.Replay(DateTimeOffset.MinValue, default), Count, int.MaxValue);
        Assert.Equal(0, await erasures.Replay(DateTimeOffset.MinValue, default));
    }

    static Task<Answer> Erase(Guest guest) => guest.Caller.Send(HttpMethod.Delete, $"{guest.Path}/person", null);
}
