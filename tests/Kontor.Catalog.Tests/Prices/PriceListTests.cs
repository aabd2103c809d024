using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

public sealed class PriceListTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("channels", "CHANNEL")]
    [InlineData("customer-groups", "CUSTOMER_GROUP")]
    public async Task What_prices_name_is_made_changed_and_stays_while_they_name_it(string kind, string word)
    {
        var key = shop.Fresh("named");
        var (path, member) = ($"/api/v1/{kind}/{key}", kind == "channels" ? "channel" : "customerGroup");
        var sku = await shop.Sold();

        var made = await shop.Put(path, new { title = "One" });
        (await shop.Put(path, new { title = "Two" })).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Put(path, new { title = "Two" }, "\"9\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Put(path, new { title = "" }, made.Tag)).Refused(400, "VALIDATION_FAILED", "title");
        (await shop.Put($"/api/v1/{kind}/a%20b", new { title = "T" })).Refused(400, "VALIDATION_FAILED");
        var same = await shop.Put(path, new { title = "One" }, made.Tag);
        var changed = await shop.Put(path, new { title = "Two" }, made.Tag);
        var body = new Dictionary<string, object>
        {
            ["sku"] = sku,
            ["price"] = Eur(1),
            [member] = key,
        };
        var price = await shop.Put($"{AllPrices}/{sku}", body);

        Assert.Equal(("\"1\"", "\"1\"", "\"2\""), (made.Is(201).Tag, same.Is(200).Tag, changed.Is(200).Tag));
        price.Is(201);
        (await shop.Remove(path, changed.Tag)).Refused(409, $"{word}_IN_USE");
        (await shop.Remove($"{AllPrices}/{sku}", "*")).Is(200);
        (await shop.Remove(path, "\"1\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Remove(path, null)).Refused(428, "PRECONDITION_REQUIRED");
        Assert.Equal("Two", (await shop.Clerk.Get(path)).Is(200).Value("title"));
        Assert.Contains(
            (await shop.Clerk.Get($"/api/v1/{kind}?limit=500")).Is(200).Data.EnumerateArray(),
            one => one.GetProperty("key").GetString() == key
        );
        (await shop.Remove(path, changed.Tag)).Is(200);
        (await shop.Remove(path, "*")).Refused(404, $"{word}_NOT_FOUND");
        (await shop.Clerk.Get(path)).Refused(404, $"{word}_NOT_FOUND");
        (await shop.Clerk.Get($"/api/v1/{kind}?limit=0")).Refused(400, "VALIDATION_FAILED");
    }

    [Theory]
    [InlineData("EURO", null, "currency")]
    [InlineData(null, "english please", "locale")]
    public async Task A_channel_speaks_a_language_and_has_a_currency(string? currency, string? locale, string path)
    {
        var key = shop.Fresh("spoken");
        (
            await shop.Put(
                $"/api/v1/channels/{key}",
                new
                {
                    title = "T",
                    currency,
                    locale,
                }
            )
        ).Refused(400, "VALIDATION_FAILED", path);
        (
            await shop.Put(
                $"/api/v1/channels/{key}",
                new
                {
                    title = "T",
                    currency = "SEK",
                    locale = "sv-SE",
                }
            )
        ).Is(201);
        Assert.Equal("sv-SE", (await shop.Stranger.Get($"/api/v1/channels/{key}")).Is(200).Value("locale"));
    }

    [Fact]
    public async Task A_list_that_moves_before_another_wins_at_once_with_all_its_prices()
    {
        var sku = await shop.Sold((900, "EUR"));
        var (early, late) = (shop.Fresh("early"), shop.Fresh("late"));
        (await shop.Put($"/api/v1/price-lists/{early}", new { title = "E", priority = 100 })).Is(201);
        var made = (await shop.Put($"/api/v1/price-lists/{late}", new { title = "L", priority = 200 })).Is(201);
        (
            await shop.Put(
                $"{AllPrices}/{sku}.e",
                new
                {
                    sku,
                    price = Eur(1),
                    priceList = early,
                }
            )
        ).Is(201);
        (
            await shop.Put(
                $"{AllPrices}/{sku}.l",
                new
                {
                    sku,
                    price = Eur(2),
                    priceList = late,
                }
            )
        ).Is(201);
        Assert.Equal([(1, "EUR")], await shop.Shown(sku));

        var taken = await shop.Put($"/api/v1/price-lists/{late}", new { title = "L", priority = 100 }, made.Tag);
        var moved = await shop.Put($"/api/v1/price-lists/{late}", new { title = "L", priority = 50 }, made.Tag);

        taken.Refused(409, "PRIORITY_TAKEN");
        Assert.Equal("\"2\"", moved.Is(200).Tag);
        Assert.Equal([(2, "EUR")], await shop.Shown(sku));
        (await shop.Remove($"/api/v1/price-lists/{late}", "*")).Refused(409, "PRICE_LIST_IN_USE");
        (await shop.Clerk.Post(AllPrices, new { remove = new[] { $"{sku}.l" } })).Is(200);
        (await shop.Remove($"/api/v1/price-lists/{late}", "\"2\"")).Is(200);
        (await shop.Clerk.Get($"/api/v1/price-lists/{late}")).Refused(404, "PRICE_LIST_NOT_FOUND");
        var lists = (await shop.Clerk.Get("/api/v1/price-lists?limit=1")).Is(200);
        Assert.Single(lists.Data.EnumerateArray());
    }

    [Fact]
    public async Task A_list_comes_and_goes_with_its_validity_and_is_for_whom_it_says()
    {
        var sku = await shop.Sold((900, "EUR"));
        var (list, channel) = (shop.Fresh("seasonal"), shop.Fresh("market"));
        await shop.Channels(channel);
        var body = new
        {
            title = "S",
            priority = 300,
            channel,
            validFrom = Monday,
            validUntil = Monday.AddDays(7),
        };
        (await shop.Put($"/api/v1/price-lists/{list}", body)).Is(201);
        (
            await shop.Put(
                $"{AllPrices}/{sku}.s",
                new
                {
                    sku,
                    price = Eur(1),
                    priceList = list,
                }
            )
        ).Is(201);

        Assert.Equal([(1, "EUR")], await shop.Shown(sku, $"channel={channel}&{At(Monday)}"));
        Assert.Equal([(900, "EUR")], await shop.Shown(sku, $"channel={channel}&{At(Monday.AddMicroseconds(-1))}"));
        Assert.Equal([(900, "EUR")], await shop.Shown(sku, $"channel={channel}&{At(Monday.AddDays(7))}"));
        Assert.Equal([(900, "EUR")], await shop.Shown(sku, At(Monday)));
        (await shop.Remove($"/api/v1/channels/{channel}", "*")).Refused(409, "CHANNEL_IN_USE");
    }

    [Theory]
    [InlineData("""{"title":"L","priority":0}""", 400, "VALIDATION_FAILED", "priority")]
    [InlineData("""{"title":"L","priority":1000001}""", 400, "VALIDATION_FAILED", "priority")]
    [InlineData("""{"title":"L","priority":9,"channel":"no-such"}""", 422, "PRICE_NAMES_UNKNOWN", "channel")]
    [InlineData("""{"title":"L","priority":9,"customerGroup":"none"}""", 422, "PRICE_NAMES_UNKNOWN", "customerGroup")]
    [InlineData(
        """{"title":"L","priority":9,"validFrom":"2030-01-02T00:00:00Z","validUntil":"2030-01-01T00:00:00Z"}""",
        400,
        "VALIDATION_FAILED",
        "validUntil"
    )]
    public async Task A_list_that_cannot_be_is_refused(string body, int status, string code, string path) =>
        (await shop.Put($"/api/v1/price-lists/{shop.Fresh("bad")}", body)).Refused(status, code, path);

    [Fact]
    public async Task The_priority_of_a_long_list_stays_and_its_validity_does_not()
    {
        var (sku, list) = (await shop.Sold((9, "EUR")), shop.Fresh("long"));
        var made = (await shop.Put($"/api/v1/price-lists/{list}", new { title = "L", priority = 600_000 })).Is(201);
        await shop.Query<long>(
            """
            with written as (
                insert into price_rows (key, variant, currency, amount, price_list, priority, min_quantity, version)
                select $1 || '.' || n, v.id, 'EUR', 1, $2, 600000, n, 1
                from variants v cross join generate_series(1, 25001) n where v.sku = $1 returning 1
            ) select count(*) from written
            """,
            sku,
            list
        );

        (await shop.Put($"/api/v1/price-lists/{list}", new { title = "L", priority = 600_001 }, made.Tag)).Refused(
            409,
            "PRICE_LIST_TOO_LONG"
        );
        Assert.Equal([(1, "EUR")], await shop.Shown(sku));
        var body = new
        {
            title = "L",
            priority = 600_000,
            validUntil = Monday.AddYears(-9),
        };
        (await shop.Put($"/api/v1/price-lists/{list}", body, made.Tag)).Is(200);
        Assert.Equal([(9, "EUR")], await shop.Shown(sku));
    }
}
