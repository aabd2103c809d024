using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>Prices, price lists, channels and customer groups as staff set them.</summary>
public sealed class PriceDoorTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_price_is_set_seen_changed_and_removed()
    {
        var sku = await shop.Sold((2_000, "EUR"));
        var path = $"{AllPrices}/{sku}.se";
        var journaled = await shop.Journaled("price.%");

        var made = await shop.Put(
            path,
            new
            {
                sku,
                price = Eur(1_500),
                compareAt = Eur(2_000),
                country = "SE",
            }
        );
        var read = await shop.Clerk.Get(path);
        var same = await shop.Put(
            path,
            new
            {
                sku,
                price = Eur(1_500),
                compareAt = Eur(2_000),
                country = "SE",
            },
            made.Tag
        );
        var changed = await shop.Put(
            path,
            new
            {
                sku,
                price = Eur(1_400),
                country = "SE",
            },
            made.Tag
        );
        var shown = await shop.Shown(sku, "country=SE");
        var removed = await shop.Remove(path, changed.Tag);

        Assert.Equal(path, made.Is(201).Raw.Headers.Location?.ToString());
        Assert.Equal(made.Data.ToString(), read.Is(200).Data.ToString());
        Assert.Equal(("\"1\"", "\"1\"", "\"2\""), (made.Tag, same.Is(200).Tag, changed.Is(200).Tag));
        Assert.Equal([(1_400, "EUR")], shown);
        removed.Is(200);
        Assert.Equal([(2_000, "EUR")], await shop.Shown(sku, "country=SE"));
        (await shop.Clerk.Get(path)).Refused(404, "PRICE_NOT_FOUND");
        Assert.Equal(3, await shop.Journaled("price.%") - journaled);
        Assert.InRange(made.Statements, 1, 8);
    }

    [Fact]
    public async Task Who_has_not_seen_what_stands_changes_nothing()
    {
        var sku = await shop.Sold();
        var path = $"{AllPrices}/{sku}";
        var body = new { sku, price = Eur(1) };

        (await shop.Put(path, body, "\"1\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Put(path, body)).Is(201);
        (await shop.Put(path, new { sku, price = Eur(2) })).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Put(path, new { sku, price = Eur(2) }, "\"7\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Remove(path, null)).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Remove(path, "\"7\"")).Refused(412, "PRECONDITION_FAILED");
        Assert.Equal([(1, "EUR")], await shop.Shown(sku));
        (await shop.Put(path, new { sku, price = Eur(3) }, "*")).Is(200);
        (await shop.Remove(path, "*")).Is(200);
        (await shop.Remove(path, "*")).Refused(404, "PRICE_NOT_FOUND");
    }

    public static TheoryData<string, int, string, string> BadPrices =>
        new()
        {
            { """ "price":{"amount":-1,"currency":"EUR"} """, 400, "VALIDATION_FAILED", "price.amount" },
            { """ "price":{"amount":1000000000001,"currency":"EUR"} """, 400, "VALIDATION_FAILED", "price.amount" },
            {
                """ "price":{"amount":5,"currency":"EUR"},"compareAt":{"amount":5,"currency":"EUR"} """,
                400,
                "VALIDATION_FAILED",
                "compareAt"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"compareAt":{"amount":9,"currency":"SEK"} """,
                400,
                "VALIDATION_FAILED",
                "compareAt"
            },
            { """ "price":{"amount":5,"currency":"EUR"},"country":"Sweden" """, 400, "VALIDATION_FAILED", "country" },
            { """ "price":{"amount":5,"currency":"EUR"},"minQuantity":0 """, 400, "VALIDATION_FAILED", "minQuantity" },
            {
                """ "price":{"amount":5,"currency":"EUR"},"minQuantity":1000001 """,
                400,
                "VALIDATION_FAILED",
                "minQuantity"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"validFrom":"2030-01-02T00:00:00Z","validUntil":"2030-01-02T00:00:00Z" """,
                400,
                "VALIDATION_FAILED",
                "validUntil"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"channel":"no-such" """,
                422,
                "PRICE_NAMES_UNKNOWN",
                "channel"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"customerGroup":"no-such" """,
                422,
                "PRICE_NAMES_UNKNOWN",
                "customerGroup"
            },
            {
                """ "price":{"amount":5,"currency":"EUR"},"priceList":"no-such" """,
                422,
                "PRICE_NAMES_UNKNOWN",
                "priceList"
            },
            { """ "price":{"amount":5,"currency":"EUR"},"priceList":"a b" """, 400, "VALIDATION_FAILED", "priceList" },
        };

    [Theory]
    [MemberData(nameof(BadPrices))]
    public async Task A_price_that_cannot_be_is_refused_by_its_member(
        string members,
        int status,
        string code,
        string path
    )
    {
        var sku = await shop.Sold();

        var alone = await shop.Put($"{AllPrices}/{sku}", $$"""{"sku":"{{sku}}",{{members}}}""");
        var among = await shop.Clerk.Post(
            AllPrices,
            $$$"""{"prices":[{"key":"{{{sku}}}.ok","sku":"{{{sku}}}","price":{"amount":1,"currency":"NOK"}},{"key":"{{{sku}}}","sku":"{{{sku}}}",{{{members}}}}]}"""
        );

        alone.Refused(status, code, path);
        among.Refused(status, code, $"prices[1].{path}");
        Assert.Empty(await shop.Shown(sku));
    }

    [Fact]
    public async Task A_price_of_no_variant_is_refused()
    {
        (await shop.Put($"{AllPrices}/of-none", new { sku = "no-such", price = Eur(1) })).Refused(
            422,
            "PRICE_NAMES_UNKNOWN",
            "sku"
        );
        (await shop.Put($"{AllPrices}/a%20b", new { sku = "no-such", price = Eur(1) })).Refused(
            400,
            "VALIDATION_FAILED",
            "key"
        );
    }

    [Fact]
    public async Task Many_prices_are_set_all_or_none_and_the_fault_is_named()
    {
        var (one, two) = (await shop.Sold(), await shop.Sold());
        (await shop.Put($"{AllPrices}/{one}.stands", new { sku = one, price = Eur(100) })).Is(201);
        object Row(string key, string sku, long amount, DateTimeOffset? from = null, DateTimeOffset? until = null) =>
            new
            {
                key,
                sku,
                price = Eur(amount),
                validFrom = from,
                validUntil = until,
            };

        var meets = await shop.Clerk.Post(
            AllPrices,
            new { prices = new[] { Row($"{two}.a", two, 1), Row($"{one}.b", one, 2, Monday) } }
        );
        var eachOther = await shop.Clerk.Post(
            AllPrices,
            new { prices = new[] { Row($"{two}.a", two, 1, null, Monday.AddDays(1)), Row($"{two}.b", two, 2, Monday) } }
        );
        var twice = await shop.Clerk.Post(
            AllPrices,
            new { prices = new[] { Row($"{two}.a", two, 1), Row($"{two}.a", two, 2) } }
        );

        meets.Refused(409, "PRICE_OVERLAPS", "prices[1].validFrom");
        Assert.Contains($"'{one}.stands', which is valid always", meets.Text, StringComparison.Ordinal);
        eachOther.Refused(409, "PRICE_OVERLAPS", "prices[1].validFrom");
        Assert.Contains(
            $"'{two}.a', which is valid until 2030-01-08T00:00:00Z",
            eachOther.Text,
            StringComparison.Ordinal
        );
        twice.Refused(400, "VALIDATION_FAILED", "prices[1].key");
        Assert.Empty(await shop.Shown(two));
    }

    [Fact]
    public async Task Prices_may_move_past_each_other_in_one_request()
    {
        var sku = await shop.Sold();
        object Week(string key, int first) =>
            new
            {
                key = $"{sku}.{key}",
                sku,
                price = Eur(first + 1),
                validFrom = Monday.AddDays(7 * first),
                validUntil = Monday.AddDays(7 * (first + 1)),
            };

        var set = await shop.Clerk.Post(AllPrices, new { prices = new[] { Week("a", 0), Week("b", 1) } });
        var swapped = await shop.Clerk.Post(AllPrices, new { prices = new[] { Week("a", 1), Week("b", 0) } });
        var again = await shop.Clerk.Post(
            AllPrices,
            new { prices = new[] { Week("a", 1), Week("b", 0) }, remove = new[] { $"{sku}.none" } }
        );
        var removed = await shop.Clerk.Post(AllPrices, new { remove = new[] { $"{sku}.a" } });

        Assert.Equal((2, 0), Counts(set.Is(200)));
        Assert.Equal((2, 0), Counts(swapped.Is(200)));
        Assert.Equal((0, 2), Counts(again.Is(200)));
        Assert.Equal(1, removed.Is(200).Data.GetProperty("removed").GetInt32());
        Assert.Equal([(1, "EUR")], await shop.Shown(sku, At(Monday)));

        static (int, int) Counts(Answer answer) =>
            (answer.Data.GetProperty("set").GetInt32(), answer.Data.GetProperty("unchanged").GetInt32());
    }

    [Fact]
    public async Task A_row_that_names_its_version_is_set_upon_that_one_only()
    {
        var sku = await shop.Sold();
        Task<Answer> Set(long version, long amount) =>
            shop.Clerk.Post(
                AllPrices,
                new
                {
                    prices = new[]
                    {
                        new
                        {
                            key = sku,
                            sku,
                            price = Eur(amount),
                            version,
                        },
                    },
                }
            );

        (await Set(1, 1)).Refused(412, "PRECONDITION_FAILED", "prices[0].version");
        (await Set(0, 1)).Is(200);
        (await Set(0, 2)).Refused(412, "PRECONDITION_FAILED", "prices[0].version");
        (await Set(1, 2)).Is(200);
        Assert.Equal([(2, "EUR")], await shop.Shown(sku));
    }

    [Fact]
    public async Task A_repeat_under_the_same_key_sets_nothing_twice()
    {
        var sku = await shop.Sold();
        var key = shop.Fresh("again");
        var body = new
        {
            prices = new[]
            {
                new
                {
                    key = sku,
                    sku,
                    price = Eur(5),
                },
            },
        };
        var before = await shop.Journaled("price.%");

        var first = await shop.Clerk.Post(AllPrices, body, key);
        var again = await shop.Clerk.Post(AllPrices, body, key);

        Assert.Equal(first.Is(200).Text, again.Is(200).Text);
        Assert.Equal("true", again.Raw.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(1, await shop.Journaled("price.%") - before);
    }

    [Fact]
    public async Task Thousands_of_prices_cost_a_constant_number_of_statements()
    {
        var sku = await shop.Sold();
        object Rows(int count, int first) =>
            new
            {
                prices = Enumerable
                    .Range(first, count)
                    .Select(i => new
                    {
                        key = $"{sku}.{i}",
                        sku,
                        price = Eur(i),
                        minQuantity = i,
                    }),
            };

        var few = await shop.Clerk.Post(AllPrices, Rows(2, 1));
        var many = await shop.Clerk.Post(AllPrices, Rows(1_900, 3));
        var tooMany = await shop.Clerk.Post(AllPrices, Rows(200, 1_903));
        var beyond = await shop.Clerk.Post(AllPrices, Rows(5_001, 1));

        Assert.Equal(few.Is(200).Statements, many.Is(200).Statements);
        tooMany.Refused(409, "TOO_MANY_PRICES");
        beyond.Refused(400, "VALIDATION_FAILED", "prices");
        Assert.Equal([(1_902, "EUR")], await shop.Shown(sku, "quantity=5000"));
    }

    [Fact]
    public async Task Of_two_at_once_that_overlap_one_is_set_and_the_other_told_of_it()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Sold()));

        var answers = await Task.WhenAll(
            skus.SelectMany(sku =>
                new[] { "a", "b", "c" }.Select(name =>
                    shop.Put(
                        $"{AllPrices}/{sku}.{name}",
                        new
                        {
                            sku,
                            price = Eur(1),
                            validFrom = Monday,
                        }
                    )
                )
            )
        );

        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        foreach (var refused in answers.Where(answer => answer.Status != 201))
        {
            refused.Refused(409, "PRICE_OVERLAPS", "validFrom");
            Assert.Contains("' meets '", refused.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Prices_are_listed_by_variant_and_by_list_in_pages()
    {
        var (one, two) = (await shop.Sold(), await shop.Sold());
        var list = shop.Fresh("list");
        (await shop.Put($"/api/v1/price-lists/{list}", new { title = "L", priority = 777 })).Is(201);
        foreach (var sku in new[] { one, two })
            for (var i = 1; i <= 3; i++)
                (
                    await shop.Put(
                        $"{AllPrices}/{sku}.{i}",
                        new
                        {
                            sku,
                            price = Eur(i),
                            minQuantity = i,
                            priceList = i == 3 ? null : list,
                        }
                    )
                ).Is(201);

        async Task<List<string>> Keys(string query)
        {
            var (keys, next) = (new List<string>(), "");
            do
            {
                var page = (await shop.Clerk.Get($"{AllPrices}?limit=2&{query}{next}")).Is(200);
                keys.AddRange(page.Data.EnumerateArray().Select(price => price.GetProperty("key").GetString()!));
                Assert.Equal(1, page.Statements);
                next = page.Next is null ? "" : $"&after={page.Next}";
            } while (next.Length > 0);
            return keys;
        }

        Assert.Equal([$"{one}.1", $"{one}.2", $"{one}.3"], await Keys($"sku={one}"));
        Assert.Equal([$"{one}.1", $"{one}.2", $"{two}.1", $"{two}.2"], await Keys($"priceList={list}"));
        Assert.Equal([$"{two}.1", $"{two}.2"], await Keys($"sku={two}&priceList={list}"));
        Assert.Empty(await Keys("sku=no-such"));
        (await shop.Clerk.Get($"{AllPrices}?after=x")).Refused(400, "INVALID_CURSOR");
    }
}
