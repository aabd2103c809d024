using Kontor.Catalog.Tests.Prices;

namespace Kontor.Catalog.Tests.Merchandising;

/// <summary>Synonyms and search rules as staff set them.</summary>
public sealed class MerchandisingTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("synonyms", "SYNONYMS", "synonyms")]
    [InlineData("search-rules", "SEARCH_RULE", "search-rule")]
    public async Task It_is_made_changed_listed_and_removed_by_who_has_seen_it(string kind, string word, string stream)
    {
        var key = shop.Fresh("merchandise");
        var path = $"/api/v1/{kind}/{key}";
        object Body(string text) =>
            kind == "synonyms"
                ? new { words = new[] { "one", text } }
                : new
                {
                    title = text,
                    boosts = new[]
                    {
                        new
                        {
                            field = "brand",
                            value = "acme",
                            percent = 200,
                        },
                    },
                };

        var made = await shop.Put(path, Body("two"));
        (await shop.Put(path, Body("three"))).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Put(path, Body("three"), "\"9\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Put($"/api/v1/{kind}/none", Body("three"), "*")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Put($"/api/v1/{kind}/a%20b", Body("three"))).Refused(400, "VALIDATION_FAILED", "key");
        var same = await shop.Put(path, Body("two"), made.Tag);
        var changed = await shop.Put(path, Body("three"), made.Tag);
        var shown = await shop.Clerk.Get(path);
        var listed = await shop.Clerk.Get($"/api/v1/{kind}?limit=500");

        Assert.Equal(("\"1\"", "\"1\"", "\"2\""), (made.Is(201).Tag, same.Is(200).Tag, changed.Is(200).Tag));
        Assert.Equal(path, made.Raw.Headers.Location?.ToString());
        Assert.Equal(changed.Data.ToString(), shown.Is(200).Data.ToString());
        Assert.Contains(listed.Data.EnumerateArray(), one => one.GetProperty("key").GetString() == key);
        (await shop.Remove(path, "\"1\"")).Refused(412, "PRECONDITION_FAILED");
        (await shop.Remove(path, null)).Refused(428, "PRECONDITION_REQUIRED");
        (await shop.Remove(path, changed.Tag)).Is(200);
        (await shop.Remove(path, "*")).Refused(404, $"{word}_NOT_FOUND");
        (await shop.Clerk.Get(path)).Refused(404, $"{word}_NOT_FOUND");
        Assert.Equal(
            $"{stream}.set.v1,{stream}.set.v1,{stream}.removed.v1",
            await shop.Query<string>(
                "select string_agg(type, ',' order by version) from journal where stream = $1",
                $"{stream}-{key}"
            )
        );
    }

    [Theory]
    [InlineData("""{"words":[]}""", "words")]
    [InlineData("""{"words":["one"]}""", "words")]
    [InlineData("""{"words":["one two","three four"]}""", "words")]
    [InlineData("""{"words":["one","!!"]}""", "words[1]")]
    [InlineData("""{"words":["one"],"from":["two three"]}""", "from[0]")]
    [InlineData("""{"words":["one"],"from":[]}""", "from")]
    [InlineData("""{"words":["one","two"],"locale":"english please"}""", "locale")]
    public async Task Synonyms_that_nobody_could_find_are_refused(string body, string path) =>
        (await shop.Put($"/api/v1/synonyms/{shop.Fresh()}", body)).Refused(400, "VALIDATION_FAILED", path);

    [Theory]
    [InlineData("""{"title":"T"}""", "pins")]
    [InlineData("""{"title":"","boosts":[{"field":"a","value":"b","percent":1}]}""", "title")]
    [InlineData("""{"title":"T","boosts":[{"field":"a","value":"b","percent":0}]}""", "boosts[0].percent")]
    [InlineData("""{"title":"T","boosts":[{"field":"a","value":"b","percent":10001}]}""", "boosts[0].percent")]
    [InlineData("""{"title":"T","boosts":[{"field":"a b","value":"b","percent":1}]}""", "boosts[0].field")]
    [InlineData("""{"title":"T","priority":0,"boosts":[{"field":"a","value":"b","percent":1}]}""", "priority")]
    [InlineData(
        """{"title":"T","when":{"texts":["?"]},"boosts":[{"field":"a","value":"b","percent":1}]}""",
        "when.texts[0]"
    )]
    [InlineData(
        """{"title":"T","when":{"isPart":true},"boosts":[{"field":"a","value":"b","percent":1}]}""",
        "when.isPart"
    )]
    [InlineData(
        """{"title":"T","when":{"locale":"x y"},"boosts":[{"field":"a","value":"b","percent":1}]}""",
        "when.locale"
    )]
    [InlineData(
        """{"title":"T","when":{"category":"a b"},"boosts":[{"field":"a","value":"b","percent":1}]}""",
        "when.category"
    )]
    [InlineData(
        """{"title":"T","when":{"validFrom":"2030-01-02T00:00:00Z","validUntil":"2030-01-02T00:00:00Z"},"boosts":[{"field":"a","value":"b","percent":1}]}""",
        "when.validUntil"
    )]
    public async Task A_rule_that_could_not_hold_or_does_nothing_is_refused(string body, string path) =>
        (await shop.Put($"/api/v1/search-rules/{shop.Fresh()}", body)).Refused(400, "VALIDATION_FAILED", path);

    [Fact]
    public async Task More_entries_than_there_is_room_for_are_refused()
    {
        var words = Enumerable.Range(0, 101).Select(n => $"w{n}");
        var boosts = Enumerable
            .Range(0, 101)
            .Select(n => new
            {
                field = "a",
                value = $"{n}",
                percent = 1,
            });

        (await shop.Put("/api/v1/synonyms/many", new { words })).Refused(400, "VALIDATION_FAILED", "words");
        (await shop.Put("/api/v1/search-rules/many", new { title = "T", boosts })).Refused(
            400,
            "VALIDATION_FAILED",
            "boosts"
        );
        (await shop.Put("/api/v1/search-rules/many", new { title = "T", pins = words })).Refused(
            400,
            "VALIDATION_FAILED",
            "pins"
        );
    }

    [Fact]
    public async Task Pins_are_named_by_key_or_id_kept_in_order_and_must_be_there()
    {
        var (one, two, gone) = (shop.Fresh("pin"), shop.Fresh("pin"), shop.Fresh("pin"));
        var first = (await shop.NewProduct(one)).Value("id");
        var second = (await shop.NewProduct(two)).Value("id");
        var deleted = await shop.NewProduct(gone);
        (await shop.Remove($"/api/v1/products/{deleted.Value("id")}", deleted.Tag)).Is(200);
        Task<Answer> Put(params string[] pins) =>
            shop.Put($"/api/v1/search-rules/{shop.Fresh("pins")}", new { title = "T", pins });

        var made = await Put(second.ToUpperInvariant(), one);

        Assert.Equal(
            [second, first],
            made.Is(201).Data.GetProperty("pins").EnumerateArray().Select(pin => pin.GetString())
        );
        (await Put(one, "no-such")).Refused(422, "UNKNOWN_PRODUCT", "pins[1]");
        (await Put(one, gone)).Refused(422, "UNKNOWN_PRODUCT", "pins[1]");
        (await Put(one, Guid.Empty.ToString())).Refused(422, "UNKNOWN_PRODUCT", "pins[1]");
        (await Put(one, first)).Refused(400, "VALIDATION_FAILED", "pins[1]");
    }

    [Fact]
    public async Task Of_many_who_make_the_same_at_once_one_does()
    {
        var path = $"/api/v1/synonyms/{shop.Fresh("raced")}";

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(n => shop.Put(path, new { words = new[] { "one", $"w{n}" } }))
        );

        Assert.Equal(1, answers.Count(answer => answer.Status == 201));
        Assert.Equal(7, answers.Count(answer => answer.Status == 428));
    }

    [Fact]
    public async Task A_search_finds_by_synonyms_and_puts_first_what_a_rule_pins_from_the_write_on()
    {
        await using var own = new Shop();
        await own.InitializeAsync();
        var (word, other) = (Letters(own, "sofa"), Letters(own, "couch"));
        var named = await own.NewProduct(own.Fresh("named"), title: $"Plain {word}");
        var meant = await own.NewProduct(own.Fresh("meant"), title: $"Plain {other}");
        var pinned = await own.NewProduct(own.Fresh("pinned"), title: "Something else");
        var (synonyms, rule) = ($"/api/v1/synonyms/{word}", $"/api/v1/search-rules/{word}");
        string[] ids = [named.Value("id"), meant.Value("id"), pinned.Value("id")];
        async Task<string[]> Found(string more = "")
        {
            var answer = (await own.Stranger.Get($"/api/v1/search?q={word}{more}")).Is(200);
            Assert.False(answer.Json.GetProperty("meta").TryGetProperty("stale", out _));
            return [.. answer.Data.EnumerateArray().Select(one => one.GetProperty("id").GetString()!)];
        }

        Assert.Equal([ids[0]], await Found());

        (await own.Put(synonyms, new { words = new[] { word, other } })).Is(201);
        Assert.Equal(ids[..2].Order(), (await Found()).Order());

        (
            await own.Put(
                rule,
                new
                {
                    title = "T",
                    when = new { texts = new[] { word } },
                    pins = new[] { ids[2] },
                }
            )
        ).Is(201);
        Assert.Equal(ids[2], (await Found())[0]);
        Assert.Equal(3, (await Found()).Length);
        Assert.DoesNotContain(ids[2], await Found("&sort=newest"));

        (await own.Remove(synonyms, "*")).Is(200);
        (await own.Remove(rule, "*")).Is(200);
        Assert.Equal([ids[0]], await Found());
    }

    [Fact]
    public async Task A_boost_moves_what_has_the_value_up()
    {
        await using var own = new Shop();
        await own.InitializeAsync();
        var (word, category) = (Letters(own, "lamp"), own.Fresh("lit"));
        (await own.Staff.Post("/api/v1/categories", new { key = category, title = "Lit" })).Is(201);
        var plain = await own.NewProduct(own.Fresh("plain"), title: $"Lamp {word}");
        var boosted = await own.NewProduct(own.Fresh("boosted"), title: $"Lamp {word}");
        (
            await own.Staff.Patch(
                $"/api/v1/products/{boosted.Value("id")}",
                new { categories = new[] { category } },
                "*"
            )
        ).Is(200);
        async Task<string> First() =>
            (await own.Stranger.Get($"/api/v1/search?q={word}")).Is(200).Data[0].GetProperty("id").GetString()!;
        object Rule(int percent) =>
            new
            {
                title = "T",
                when = new { texts = new[] { word } },
                boosts = new[]
                {
                    new
                    {
                        field = "category",
                        value = category,
                        percent,
                    },
                },
            };

        (await own.Put($"/api/v1/search-rules/{word}", Rule(300))).Is(201);
        Assert.Equal(boosted.Value("id"), await First());

        (await own.Put($"/api/v1/search-rules/{word}", Rule(10), "*")).Is(200);
        Assert.Equal(plain.Value("id"), await First());
    }

    static string Letters(Shop own, string word) => own.Fresh(word).Replace("-", "x", StringComparison.Ordinal);

    [Fact]
    public async Task More_than_there_is_room_for_is_refused_and_what_stands_still_changed()
    {
        await using var own = new Shop();
        await own.InitializeAsync();
        await own.Query<long>(
            """
            with made as (
                insert into synonyms select 'k' || n, null, '{}', '{a,b}', 1 from generate_series(1, 10000) n returning 1
            ), ruled as (
                insert into search_rules select 'k' || n, 't', 1, '{}', false, null, null, null, null, null, '{}', '[]', 1
                from generate_series(1, 5000) n returning 1
            ) select (select count(*) from made) + (select count(*) from ruled)
            """
        );

        (await own.Put("/api/v1/synonyms/more", new { words = new[] { "a", "b" } })).Refused(409, "SYNONYMS_FULL");
        (await own.Put("/api/v1/synonyms/k1", new { words = new[] { "a", "c" } }, "*")).Is(200);
        var boosts = new[]
        {
            new
            {
                field = "a",
                value = "b",
                percent = 1,
            },
        };
        (await own.Put("/api/v1/search-rules/more", new { title = "T", boosts })).Refused(409, "SEARCH_RULES_FULL");
        (await own.Put("/api/v1/search-rules/k1", new { title = "T", boosts }, "*")).Is(200);
    }
}
