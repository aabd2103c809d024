using System.Data;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Kontor.Contracts.Identity;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Access;

namespace Kontor.Identity.Clients;

/// <summary>A client as its maker sees it once: the secret is stored nowhere.</summary>
public sealed record NewClient(string ClientId, string ClientSecret)
{
    /// <summary>Without the secret, so that no log line can hold it.</summary>
    public override string ToString() => $"NewClient {ClientId}";
}

public sealed partial class ApiClients
{
    public const int MaxNameLength = 100;

    /// <summary>Makes a client that may ask for tokens with these scopes.</summary>
    public async Task<Result<NewClient>> Add(string name, IReadOnlyList<string> scopes, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl))
            return Rejections.ClientNameInvalid;
        string[] granted = [.. scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (granted.Length == 0 || granted.Except(Scopes.All, StringComparer.Ordinal).Any())
            return Rejections.ScopeUnknown.Because($"Scopes: {string.Join(' ', Scopes.All)}");

        var client = new NewClient(NewId(name), ClientSecret.New());
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, stop);
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                insert into clients (id, client_id, client_secret, client_type, consent_type, application_type, display_name,
                                     permissions, concurrency_token)
                values (@id, @clientId, @hash, 'confidential', 'implicit', 'web', @name, @permissions, @mark)
                """,
                new
                {
                    id = Guid.CreateVersion7(clock.GetUtcNow()),
                    clientId = client.ClientId,
                    hash = ClientSecret.Hash(client.ClientSecret),
                    name,
                    permissions = Permissions(granted),
                    mark = RandomNumberGenerator.GetHexString(32, lowercase: true),
                },
                transaction,
                cancellationToken: stop
            )
        );
        var added = new ClientEvent.ClientAdded(client.ClientId, name, granted);
        await database.Journal.Append(transaction, [NewEvent.Of(StreamOf(client.ClientId), added, expected: 0)], stop);
        // A commit is never cut short: its outcome would be unknown.
        await transaction.CommitWhole();
        return client;
    }

    static string Permissions(IEnumerable<string> scopes) =>
        JsonSerializer.Serialize<string[]>([
            "ept:token",
            "gt:client_credentials",
            .. scopes.Select(scope => ScopePermission + scope),
        ]);

    /// <summary>Readable in a log, and not to be guessed from the name: <c>order-desk-k3x9q2mf</c>.</summary>
    static string NewId(string name)
    {
        var word = NotPlain().Replace(name.ToLowerInvariant(), "-").Trim('-');
        var readable = word.Length == 0 ? "client" : word[..Math.Min(word.Length, 40)].TrimEnd('-');
        return $"{readable}-{RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 8)}";
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotPlain();
}
