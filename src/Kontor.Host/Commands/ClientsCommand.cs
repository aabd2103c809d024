using System.CommandLine;
using System.Text.Json;
using Kontor.Identity.Clients;
using Kontor.Platform.Access;

namespace Kontor.Host.Commands;

/// <summary><c>kontor clients</c>: the programs that may ask for tokens.</summary>
static class ClientsCommand
{
    static readonly Argument<string> Name = new("NAME") { Description = "What the client is called." };
    static readonly Argument<string> ClientId = new("CLIENT_ID") { Description = "Its client_id." };
    static readonly Option<string> Scope = new("--scope")
    {
        Description = $"What it may do, separated by spaces: {string.Join(' ', Scopes.All)}.",
        Required = true,
    };

    public static Command Make()
    {
        var add = new Command("add", "Makes a client and prints its id and secret, once.")
        {
            Name,
            Scope,
            Shared.Data,
            Shared.Json,
        };
        add.SetAction(Add);
        var list = new Command("list", "Lists the clients.") { Shared.Data, Shared.Json };
        list.SetAction(List);
        var remove = new Command("remove", "Removes a client; its tokens run out within minutes.")
        {
            ClientId,
            Shared.Data,
            Shared.Json,
        };
        remove.SetAction(Remove);
        return new Command("clients", "The programs that may ask for tokens.") { add, list, remove };
    }

    static Task<int> Add(ParseResult parsed, CancellationToken stop) =>
        Shared.WithServices(
            parsed,
            async (services, _) =>
            {
                var scopes = parsed.GetValue(Scope)!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var added = await services.Of<ApiClients>("identity").Add(parsed.GetValue(Name)!, scopes, stop);
                if (!added.Is(out var client, out var rejection))
                    return Answer.Fail(parsed.GetValue(Shared.Json), rejection);
                Console.WriteLine(
                    JsonSerializer.Serialize(new { client_id = client.ClientId, client_secret = client.ClientSecret })
                );
                return 0;
            },
            stop
        );

    static Task<int> List(ParseResult parsed, CancellationToken stop) =>
        Shared.WithStanding(
            parsed,
            async (services, _) =>
            {
                foreach (var client in await services.Of<ApiClients>("identity").List(stop))
                    Console.WriteLine(
                        parsed.GetValue(Shared.Json)
                            ? JsonSerializer.Serialize(
                                new
                                {
                                    client_id = client.ClientId,
                                    name = client.Name,
                                    scopes = client.Scopes,
                                }
                            )
                            : $"{client.ClientId}  {client.Name}  {string.Join(' ', client.Scopes)}"
                    );
                return 0;
            },
            stop
        );

    static Task<int> Remove(ParseResult parsed, CancellationToken stop) =>
        Shared.WithStanding(
            parsed,
            async (services, _) =>
            {
                var removed = await services.Of<ApiClients>("identity").Remove(parsed.GetValue(ClientId)!, stop);
                return removed.Rejection is { } rejection ? Answer.Fail(parsed.GetValue(Shared.Json), rejection) : 0;
            },
            stop
        );
}
