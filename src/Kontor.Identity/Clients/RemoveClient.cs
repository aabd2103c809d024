using System.Data;
using Dapper;
using Kontor.Contracts.Identity;
using Kontor.Journal;
using Kontor.Kernel;

namespace Kontor.Identity.Clients;

public sealed partial class ApiClients
{
    /// <summary>Takes a client away, and answers its name. It gets no new token at once; one that it holds runs out by
    /// itself within <see cref="Tokens.Protocol.AccessTokenMinutes"/> minutes.</summary>
    public async Task<Result<string>> Remove(string clientId, CancellationToken stop)
    {
        if (clientId.Contains('\0', StringComparison.Ordinal))
            return Rejections.ClientNotFound;

        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, stop);
        // The row lock orders removers: the second finds nothing.
        var name = await connection.QuerySingleOrDefaultAsync<string>(
            new CommandDefinition(
                "delete from clients where client_id = @clientId returning display_name",
                new { clientId },
                transaction,
                cancellationToken: stop
            )
        );
        if (name is null)
            return Rejections.ClientNotFound;

        var removed = new ClientEvent.ClientRemoved(clientId);
        await database.Journal.Append(transaction, [NewEvent.Of(StreamOf(clientId), removed)], stop);
        await transaction.CommitWhole();
        return name;
    }
}
