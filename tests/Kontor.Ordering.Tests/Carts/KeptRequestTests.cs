using System.Security.Cryptography;
using System.Text;
using Kontor.Platform.Data;

namespace Kontor.Ordering.Tests.Carts;

/// <summary>What is kept of a request, to tell it from another under the same key.</summary>
public sealed class KeptRequestTests(Shop shop) : IClassFixture<Shop>
{
    const string Body = """{"currency":"EUR","country":"SE"}""";

    static readonly byte[] Plain = SHA256.HashData(Encoding.UTF8.GetBytes($"\n{Body}"));

    [Fact]
    public async Task No_guess_of_a_body_can_be_confirmed_from_the_database()
    {
        _ = shop.Services;
        var (one, other) = (Fresh.Id().ToString(), Fresh.Id().ToString());

        (await Open(one)).Is(201);
        (await Open(other)).Is(201);

        Assert.Equal(0, await Update("request = request", "request = $2", one));
        Assert.Equal(1, await Update("request = request", "request <> $2", one));
        Assert.Equal(
            2,
            await shop.Count($"select count(distinct request) from idempotency where key in ('{one}', '{other}')")
        );
    }

    [Fact]
    public async Task What_was_kept_with_a_plain_hash_is_still_known()
    {
        _ = shop.Services;
        var key = Fresh.Id().ToString();
        var first = (await Open(key)).Is(201);
        Assert.Equal(1, await Update("request = $2", "true", key));

        Assert.Equal(first.Text, (await Open(key)).Is(201).Text);
        (await Open(key, Body.Replace("SE", "DE", StringComparison.Ordinal))).Refused(422, "IDEMPOTENCY_KEY_REUSED");
    }

    async Task<int> Update(string change, string condition, string key)
    {
        await using var update = shop
            .Database.Source.CreateCommand($"update idempotency set {change} where key = $1 and ({condition})")
            .With(key, Plain);
        if (!update.CommandText.Contains("$2", StringComparison.Ordinal))
            update.Parameters.RemoveAt(1);
        return await update.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    async Task<Answer> Open(string key, string body = Body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/carts");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", key);
        var response = await shop.Http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }
}
