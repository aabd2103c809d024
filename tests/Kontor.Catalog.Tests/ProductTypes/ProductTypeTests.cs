using System.Text.Json;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.ProductTypes;

public sealed class ProductTypeTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_type_is_created_shown_listed_and_deleted()
    {
        var before = await shop.Journaled("product-type.%");
        var key = await shop.NewType("""{"key":"name","kind":"text","index":["search","sort"]}""");

        var shown = (await shop.Stranger.Get($"{Types.Path}/{key}")).Is(200);
        var listed = (await shop.Stranger.Get($"{Types.Path}?limit=100")).Is(200);
        (await shop.Staff.Send(HttpMethod.Delete, $"{Types.Path}/{key}", null)).Refused(428, "PRECONDITION_REQUIRED");
        (await Delete(key, "\"7\"")).Refused(412, "PRECONDITION_FAILED");
        (await Delete(key, shown.Tag!)).Is(200);

        Assert.Equal(("\"1\"", "1"), (shown.Tag, shown.Value("version")));
        Assert.Contains(listed.Data.EnumerateArray(), type => type.GetProperty("key").GetString() == key);
        (await shop.Stranger.Get($"{Types.Path}/{key}")).Refused(404, "PRODUCT_TYPE_NOT_FOUND");
        (await Delete(key, shown.Tag!)).Refused(404, "PRODUCT_TYPE_NOT_FOUND");
        Assert.Equal(2, await shop.Journaled("product-type.%") - before);
    }

    [Fact]
    public async Task A_type_in_use_and_the_one_that_is_built_in_stay()
    {
        var key = await shop.NewType("");
        await shop.NewTyped(key, "{}");

        (await Delete(key, "\"1\"")).Refused(409, "PRODUCT_TYPE_IN_USE");
        (await Delete("default", "\"1\"")).Refused(409, "PRODUCT_TYPE_BUILT_IN");
        (await shop.ChangeType("default", """{"key":"a","kind":"text"}""")).Refused(409, "PRODUCT_TYPE_BUILT_IN");
        (await shop.Check("default", "")).Refused(409, "PRODUCT_TYPE_BUILT_IN");
        (await shop.Staff.Post(Types.Path, Types.Body("", key))).Refused(409, "PRODUCT_TYPE_KEY_TAKEN");
    }

    [Theory]
    [InlineData("""{"key":"a b","kind":"text"}""", "attributes[0].key")]
    [InlineData("""{"key":"a","kind":"text"},{"key":"a","kind":"number"}""", "attributes")]
    [InlineData("""{"key":"a","kind":"text","pattern":"("}""", "attributes[0].pattern")]
    [InlineData("""{"key":"a","kind":"text","pattern":"(a)\\1"}""", "attributes[0].pattern")]
    [InlineData("""{"key":"a","kind":"text","pattern":"(?=a)"}""", "attributes[0].pattern")]
    [InlineData("""{"key":"a","kind":"text","pattern":"((a{100}){100}){100}"}""", "attributes[0].pattern")]
    [InlineData("""{"key":"a","kind":"text","pattern":"a{6001}"}""", "attributes[0].pattern")]
    [InlineData("""{"key":"a","kind":"text","pattern":"^(\\w+\\s?){500}$"}""", "attributes[0].pattern")]
    [InlineData("""{"key":"a","kind":"text","pattern":"(a{20,}b+cdefg){450,}"}""", "attributes[0].pattern")]
    [InlineData("""{"key":"a","kind":"number","pattern":"a"}""", "attributes[0]")]
    [InlineData("""{"key":"a","kind":"text","min":1}""", "attributes[0]")]
    [InlineData("""{"key":"a","kind":"number","min":2,"max":1}""", "attributes[0].max")]
    [InlineData("""{"key":"a","kind":"text","minLength":5,"maxLength":4}""", "attributes[0].minLength")]
    [InlineData("""{"key":"a","kind":"text","maxLength":10001}""", "attributes[0].maxLength")]
    [InlineData("""{"key":"a","kind":"money","min":1.5}""", "attributes[0]")]
    [InlineData("""{"key":"a","kind":"date","from":"yesterday"}""", "attributes[0].from")]
    [InlineData("""{"key":"a","kind":"date","from":"2026-01-02","until":"2026-01-01"}""", "attributes[0].until")]
    [InlineData("""{"key":"a","kind":"enum"}""", "attributes[0].values")]
    [InlineData("""{"key":"a","kind":"enum","values":["x","x"]}""", "attributes[0].values")]
    [InlineData("""{"key":"a","kind":"enum","values":[null]}""", "attributes[0].values")]
    [InlineData("""{"key":"a","kind":"text","values":["x"]}""", "attributes[0].values")]
    [InlineData("""{"key":"a","kind":"measure"}""", "attributes[0].unit")]
    [InlineData("""{"key":"a","kind":"reference"}""", "attributes[0].to")]
    [InlineData("""{"key":"a","kind":"text","unique":true}""", "attributes[0].unique")]
    [InlineData("""{"key":"a","kind":"number","unique":true,"list":true}""", "attributes[0].unique")]
    [InlineData("""{"key":"a","kind":"number","default":"x"}""", "attributes[0].default")]
    [InlineData("""{"key":"a","kind":"number","index":["sort","sort"]}""", "attributes[0].index")]
    [InlineData("null", "attributes[0]")]
    public async Task A_definition_that_makes_no_sense_is_refused_by_path(string attributes, string path)
    {
        var key = shop.Fresh("bad");

        (await shop.Staff.Post(Types.Path, Types.Body(attributes, key))).Refused(400, "PRODUCT_TYPE_INVALID", path);

        (await shop.Staff.Get($"{Types.Path}/{key}")).Is(404);
    }

    [Fact]
    public async Task A_pattern_that_would_take_for_ever_elsewhere_is_answered_at_once()
    {
        var key = await shop.NewType("""{"key":"a","kind":"text","pattern":"^(a+)+$"}""");

        var answer = await shop.TryTyped(key, $$"""{"a":"{{new string('a', 9_000)}}!"}""");

        answer.Refused(400, "PRODUCT_INVALID", "attributes.a");
    }

    [Fact]
    public async Task A_change_needs_the_version_that_was_read()
    {
        var key = await shop.NewType("");
        Task<Answer> Put(string? tag) =>
            shop.Staff.Send(HttpMethod.Put, $"{Types.Path}/{key}", Caller.Content(Types.Body("")), ("If-Match", tag));

        (await Put(null)).Refused(428, "PRECONDITION_REQUIRED");
        (await Put("\"9\"")).Refused(412, "PRECONDITION_FAILED");
        Assert.Equal("1", (await Put("\"1\"")).Is(200).Value("version"));
        (
            await shop.Staff.Send(
                HttpMethod.Put,
                $"{Types.Path}/no-such",
                Caller.Content(Types.Body("")),
                ("If-Match", "*")
            )
        ).Refused(404, "PRODUCT_TYPE_NOT_FOUND");
    }

    [Fact]
    public async Task Versions_say_what_changed()
    {
        var key = await shop.NewType("""{"key":"a","kind":"text"}""");
        (await shop.ChangeType(key, """{"key":"a","kind":"text"},{"key":"b","kind":"number"}""")).Is(200);

        var reader = new Caller(shop.Http) { Token = Scopes.CatalogRead };
        var versions = (await reader.Get($"{Types.Path}/{key}/versions?limit=1")).Is(200);
        var first = (await reader.Get($"{Types.Path}/{key}/versions?limit=1&after={versions.Next}")).Is(200);

        var change = versions.Data[0].GetProperty("changes")[0];
        Assert.Equal(2, versions.Data[0].GetProperty("version").GetInt32());
        Assert.Equal(
            ("b", "attribute"),
            (change.GetProperty("attribute").GetString(), change.GetProperty("rule").GetString())
        );
        Assert.Equal(1, first.Data[0].GetProperty("version").GetInt32());
        (await reader.Get($"{Types.Path}/{key}/versions?after=x")).Refused(400, "INVALID_CURSOR");
        (await reader.Get($"{Types.Path}/{key}/migrations?after=x")).Refused(400, "INVALID_CURSOR");
        (await reader.Get($"{Types.Path}?after=x")).Refused(400, "INVALID_CURSOR");
    }

    [Theory]
    [InlineData("versions")]
    [InlineData("migrations")]
    public async Task What_a_type_that_is_not_there_was_is_not_found(string what)
    {
        var reader = new Caller(shop.Http) { Token = Scopes.CatalogRead };
        var key = await shop.NewType("");

        (await reader.Get($"{Types.Path}/no-such/{what}")).Refused(404, "PRODUCT_TYPE_NOT_FOUND");
        (await reader.Get($"{Types.Path}/a b/{what}")).Refused(404, "PRODUCT_TYPE_NOT_FOUND");
        (await reader.Get($"{Types.Path}/{key}/{what}")).Is(200);
        (await reader.Get($"{Types.Path}/default/{what}")).Is(200);
    }

    [Fact]
    public async Task One_idempotency_key_makes_one_type()
    {
        var (key, once) = (shop.Fresh("type"), shop.Fresh("once"));

        var first = (await shop.Staff.Post(Types.Path, Types.Body("", key), once)).Is(201);
        var again = (await shop.Staff.Post(Types.Path, Types.Body("", key), once)).Is(201);

        Assert.Equal(first.Text, again.Text);
    }

    [Fact]
    public async Task A_type_is_exported_as_JSON_Schema()
    {
        var key = await shop.NewType(
            """
            {"key":"name","kind":"text","required":true,"pattern":"^B"},
            {"key":"length","kind":"measure","unit":"cm","list":true},
            {"key":"size","kind":"enum","values":["s"],"level":"variant","required":true}
            """
        );

        var schema = (await shop.Stranger.Get($"{Types.Path}/{key}/json-schema")).Is(200).Data;

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.GetProperty("$schema").GetString());
        var attributes = schema.GetProperty("properties").GetProperty("attributes");
        Assert.Equal("""["name"]""", attributes.GetProperty("required").GetRawText());
        Assert.Equal("^B", attributes.GetProperty("properties").GetProperty("name").GetProperty("pattern").GetString());
        Assert.Equal(
            "cm",
            attributes
                .GetProperty("properties")
                .GetProperty("length")
                .GetProperty("items")
                .GetProperty("properties")
                .GetProperty("unit")
                .GetProperty("enum")[0]
                .GetString()
        );
        Assert.Equal(JsonValueKind.False, attributes.GetProperty("additionalProperties").ValueKind);
        (await shop.Stranger.Get($"{Types.Path}/no-such/json-schema")).Refused(404, "PRODUCT_TYPE_NOT_FOUND");
    }

    [Fact]
    public async Task Attributes_are_shown_with_the_type_itself_and_a_migration_to_who_may_read_the_catalogue()
    {
        var key = await shop.NewType("""{"key":"a","kind":"text"}""");
        await shop.Query<long>(
            """
            with m as (
                insert into product_type_migrations (id, type, state, from_version, generation, title, attributes, steps,
                    changes, reindex, products, reason, started_at)
                values (gen_random_uuid(), $1, 'undoing', 1, 0, 'T', '[]', '[]', '[]', '[]', 0, 'A secret value.', now())
                returning 1
            ) select count(*) from m
            """,
            key
        );

        var listed = (await shop.Stranger.Get($"{Types.Path}?limit=100")).Is(200);
        var toStranger = (await shop.Stranger.Get($"{Types.Path}/{key}")).Is(200);
        var reader = new Caller(shop.Http) { Token = Scopes.CatalogRead };
        var toReader = (await reader.Get($"{Types.Path}/{key}")).Is(200);
        await shop.Query<long>(
            "with m as (delete from product_type_migrations where type = $1 returning 1) select count(*) from m",
            key
        );

        Assert.All(
            listed.Data.EnumerateArray(),
            type => Assert.Equal(["key", "title", "version"], type.EnumerateObject().Select(member => member.Name))
        );
        Assert.Equal(1, toStranger.Data.GetProperty("attributes").GetArrayLength());
        Assert.DoesNotContain("secret", toStranger.Text);
        Assert.Equal("\"1\"", toStranger.Tag);
        Assert.Equal("A secret value.", toReader.Data.GetProperty("migration").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Listing_types_costs_one_statement()
    {
        for (var i = 0; i < 3; i++)
            await shop.NewType("""{"key":"a","kind":"text"}""");

        Assert.Equal(1, (await shop.Stranger.Get($"{Types.Path}?limit=1")).Is(200).Statements);
        Assert.Equal(1, (await shop.Stranger.Get($"{Types.Path}?limit=100")).Is(200).Statements);
    }

    Task<Answer> Delete(string key, string tag) =>
        shop.Staff.Send(HttpMethod.Delete, $"{Types.Path}/{key}", null, ("If-Match", tag));
}
