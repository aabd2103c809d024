using static Kontor.Catalog.Tests.Prices.Counter;

namespace Kontor.Catalog.Tests.Prices;

/// <summary>Many prices in one request, and many requests at once.</summary>
public sealed class ManyPricesTests(Shop shop) : IClassFixture<Shop>
{
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
}
