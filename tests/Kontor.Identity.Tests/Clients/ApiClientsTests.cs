using System.Text.Json;
using Kontor.Identity.Clients;
using Kontor.Platform.Access;
using Npgsql;

namespace Kontor.Identity.Tests.Clients;

public sealed class ApiClientsTests(Office office)
{
    [Fact]
    public async Task Adding_a_client_is_journaled()
    {
        var client = (
            await office.Clients.Add("Order desk Örebro", [Scopes.StreamRead, Scopes.CatalogRead], default)
        ).Value;

        Assert.Matches("^order-desk-rebro-[a-z0-9]{8}$", client.ClientId);
        Assert.Equal(43, client.ClientSecret.Length);
        var body = JsonSerializer.Deserialize<JsonElement>(await Event(client, "client.added.v1"));
        Assert.Equal(client.ClientId, body.GetProperty("clientId").GetString());
        Assert.Equal("Order desk Örebro", body.GetProperty("name").GetString());
        Assert.Equal(
            ["catalog:read", "stream:read"],
            body.GetProperty("scopes").EnumerateArray().Select(s => s.GetString())
        );
    }

    [Fact]
    public async Task A_client_whose_event_cannot_be_written_does_not_exist()
    {
        await using var plant = office.Owner.CreateCommand(
            """
            create function identity.refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
            create trigger refuse before insert on identity.journal for each row
            when (new.body ->> 'name' = 'Poison') execute function identity.refuse();
            """
        );
        await plant.ExecuteNonQueryAsync();

        await Assert.ThrowsAsync<PostgresException>(() => office.Clients.Add("Poison", Office.SomeScopes, default));

        Assert.Equal(0L, await office.Query<long>("select count(*) from clients where display_name = 'Poison'"));
    }

    [Fact]
    public async Task A_secret_is_stored_only_as_a_hash()
    {
        var client = await office.NewClient();

        var row = await office.Query<string>("select c::text from clients c where client_id = $1", client.ClientId);
        var body = await Event(client, "client.added.v1");

        Assert.Contains(ClientSecret.Hash(client.ClientSecret), row, StringComparison.Ordinal);
        Assert.DoesNotContain(client.ClientSecret, row + body + client, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_refuses_a_secret_that_is_not_hashed()
    {
        await office.NewClient();
        await using var open = office.Database.CreateCommand("update clients set client_secret = 'open sesame'");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => open.ExecuteNonQueryAsync());

        Assert.Equal("clients_secret_is_hashed", refused.ConstraintName);
    }

    [Fact]
    public async Task Clients_are_listed_without_secrets()
    {
        var client = await office.NewClient(Scopes.ImportsRun, Scopes.CatalogRead);

        var listed = (await office.Clients.List(default)).Single(c => c.ClientId == client.ClientId);

        Assert.Equal("Order desk", listed.Name);
        Assert.Equal(["catalog:read", "imports:run"], listed.Scopes);
    }

    [Fact]
    public async Task Removing_a_client_is_journaled_once()
    {
        var client = await office.NewClient();

        var removed = await office.Clients.Remove(client.ClientId, default);
        var again = await office.Clients.Remove(client.ClientId, default);

        Assert.Equal("Order desk", removed.Value);
        Assert.Equal("CLIENT_NOT_FOUND", again.Rejection?.Code);
        Assert.Contains(client.ClientId, await Event(client, "client.removed.v1"), StringComparison.Ordinal);
        Assert.DoesNotContain(client.ClientId, (await office.Clients.List(default)).Select(c => c.ClientId));
    }

    [Theory]
    [InlineData("", "catalog:read", "CLIENT_NAME_INVALID")]
    [InlineData("  ", "catalog:read", "CLIENT_NAME_INVALID")]
    [InlineData("a\0b", "catalog:read", "CLIENT_NAME_INVALID")]
    [InlineData("desk", "", "SCOPE_UNKNOWN")]
    [InlineData("desk", "catalog:read no:such", "SCOPE_UNKNOWN")]
    public async Task A_refusal_says_why(string name, string scopes, string code)
    {
        var added = await office.Clients.Add(name, scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), default);

        Assert.Equal(code, added.Rejection?.Code);
    }

    [Fact]
    public async Task A_name_in_other_letters_still_makes_an_id()
    {
        var client = (await office.Clients.Add("注文", Office.SomeScopes, default)).Value;

        Assert.StartsWith("client-", client.ClientId, StringComparison.Ordinal);
        Assert.Equal(200, (await office.Ask(client)).Status);
    }

    Task<string> Event(NewClient client, string type) =>
        office.Query<string>(
            "select body::text from journal where stream = $1 and type = $2",
            $"client-{client.ClientId}",
            type
        );
}
