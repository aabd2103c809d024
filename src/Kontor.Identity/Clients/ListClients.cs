using System.Text.Json;
using Dapper;

namespace Kontor.Identity.Clients;

public sealed record ApiClient(string ClientId, string Name, IReadOnlyList<string> Scopes);

public sealed partial class ApiClients
{
    /// <summary>More clients than an operator can oversee are not listed.</summary>
    public const int MaxListed = 1000;

    /// <summary>The clients, oldest first, without their secrets.</summary>
    public async Task<IReadOnlyList<ApiClient>> List(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var rows = await connection.QueryAsync<(string Id, string Name, string Permissions)>(
            new CommandDefinition(
                "select client_id, display_name, permissions from clients order by id limit @MaxListed",
                new { MaxListed },
                cancellationToken: stop
            )
        );
        return [.. rows.Select(row => new ApiClient(row.Id, row.Name, GrantedScopes(row.Permissions)))];
    }

    static string[] GrantedScopes(string permissions) =>
        [
            .. (JsonSerializer.Deserialize<string[]>(permissions) ?? [])
                .Where(p => p.StartsWith(ScopePermission, StringComparison.Ordinal))
                .Select(p => p[ScopePermission.Length..]),
        ];
}
