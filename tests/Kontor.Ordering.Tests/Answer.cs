using System.Net.Http.Json;
using System.Text.Json;

namespace Kontor.Ordering.Tests;

/// <summary>What the door said.</summary>
sealed record Answer(int Status, string Text, HttpResponseMessage Raw)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement Data => Json.GetProperty("data");

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public Answer Is(int status)
    {
        Assert.True(Status == status, $"{status} was expected and is {Status}: {Text}");
        return this;
    }

    public void Refused(int status, string code)
    {
        Assert.Equal((status, code), (Is(status).Status, Code));
        Assert.Equal("application/problem+json", Raw.Content.Headers.ContentType?.MediaType);
    }
}

/// <summary>A person or program at the door.</summary>
sealed class Caller(HttpClient http)
{
    public string? CartToken { get; init; }

    public string? Scope { get; init; }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Answer> Post(string path, object body, string? key = null) => Send(HttpMethod.Post, path, body, key);

    public async Task<Answer> Send(
        HttpMethod method,
        string path,
        object? body,
        string? key = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
        if (CartToken is not null)
            request.Headers.Add("Kontor-Cart-Token", CartToken);
        if (Scope is not null)
            request.Headers.Authorization = new("Bearer", Scope);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        var response = await http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }
}

/// <summary>A guest with a cart.</summary>
sealed class Guest(Shop shop, string cart, string token)
{
    public string Cart => cart;

    public string Path => $"/api/v1/carts/{cart}";

    public string Token => token;

    public Caller Caller { get; } = new(shop.Http) { CartToken = token };

    public static async Task<Guest> Arrives(Shop shop, string currency = "EUR")
    {
        _ = shop.Services;
        var answer = (await new Caller(shop.Http).Post("/api/v1/carts", new { currency })).Is(201);
        return new(shop, answer.Data.GetProperty("id").GetString()!, answer.Data.GetProperty("token").GetString()!);
    }

    public Task<Answer> Add(string sku, int quantity, string? key = null) =>
        Caller.Post($"{Path}/lines", new { sku, quantity }, key);

    /// <summary>A guest with an address and these goods, two pieces of each.</summary>
    public static async Task<Guest> Ready(Shop shop, params string[] skus)
    {
        var guest = await Arrives(shop);
        foreach (var sku in skus)
            (await guest.Add(sku, 2)).Is(200);
        (await guest.IsAddressed()).Is(200);
        return guest;
    }

    public Task<Answer> Pays(string token, long total, string? key = null, string currency = "EUR") =>
        Caller.Post($"{Path}/checkout", Payment(token, total, currency), key ?? Fresh.Id().ToString());

    public static object Payment(string token, long total, string currency = "EUR", string provider = "sandbox") =>
        new { expectedTotal = new { amount = total, currency }, payment = new { provider, token } };

    public Task<Answer> Order(Answer answer) =>
        Caller.Get($"/api/v1/orders/{answer.Data.GetProperty("id").GetString()}");

    public async Task<Answer> OrderIs(string status, Answer answer)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            var order = (await Order(answer)).Is(200);
            if (order.Data.GetProperty("status").GetString() == status)
                return order;
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"{status} never came: {order.Text}");
            await Task.Delay(50);
        }
    }

    public Task<Answer> Look() => Caller.Get(Path);

    public Task<Answer> IsAddressed(string email = "ada@example.org", string name = "Ada Byron") =>
        Caller.Send(
            HttpMethod.Put,
            $"{Path}/addresses",
            new
            {
                email,
                shipping = new
                {
                    name,
                    line1 = "Storgatan 1",
                    city = "Visby",
                    postalCode = "621 57",
                    country = "SE",
                },
            }
        );
}
