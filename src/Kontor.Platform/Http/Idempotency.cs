using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Encryption;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace Kontor.Platform.Http;

/// <summary>Under what an answer is kept: who asked for what, and the key that they chose.</summary>
/// <param name="Request">Tells this request from another under the same key, and nobody what it says.</param>
/// <param name="OldRequest">The same, as versions before keyed hashes kept it; their answers are kept for 30 days.</param>
public sealed record IdempotencyClaim(
    string Caller,
    string Method,
    string Path,
    string Key,
    byte[] Request,
    byte[]? OldRequest = null
)
{
    /// <summary>The claim of a request: null where it names no key.</summary>
    /// <remarks>The caller is the client of the token, or the cart token's hash; without any token the key alone is the
    /// caller, and must then be a UUID, so that nobody meets another's key by chance.</remarks>
    public static async Task<Result<IdempotencyClaim?>> Of(HttpContext http, CancellationToken stop)
    {
        if (!http.Request.Headers.TryGetValue(KontorHeaders.IdempotencyKey, out var header))
            return (IdempotencyClaim?)null;
        var key = header.ToString();
        if (key.Length is 0 or > 200 || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return Refusals.InvalidIdempotencyKey;

        var caller = CallerOf(http);
        if (caller == Anonymous && !Guid.TryParse(key, out _))
            return Refusals.InvalidIdempotencyKey;
        var hash = await HashOf(http.Request, stop);
        var claim = new IdempotencyClaim(caller, http.Request.Method, PlaceOf(http), key, Request: [], hash);
        var keys = http.RequestServices.GetRequiredService<KeyRing>();
        return claim with { Request = keys.Fingerprint([.. claim.Context, .. hash]) };
    }

    /// <summary>What is sealed or hashed for this claim is bound to it.</summary>
    internal byte[] Context => Encoding.UTF8.GetBytes($"idempotency\n{Caller}\n{Method}\n{Path}\n{Key}");

    internal bool IsOf(ReadOnlySpan<byte> request) =>
        request.SequenceEqual(Request) || (OldRequest is not null && request.SequenceEqual(OldRequest));

    const string Anonymous = "anonymous";

    /// <summary>The route and its values rather than the address as typed: <c>/API/v1/carts/</c> is <c>/api/v1/carts</c>.</summary>
    static string PlaceOf(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint route
            ? string.Join(
                ' ',
                http.Request.RouteValues.OrderBy(value => value.Key, StringComparer.Ordinal)
                    .Select(value => $"{value.Key}={value.Value}")
                    .Prepend($"/{route.RoutePattern.RawText?.Trim('/')}")
            )
            : http.Request.Path;

    static string CallerOf(HttpContext http)
    {
        if (http.User.Identity?.IsAuthenticated == true && http.User.FindFirstValue("sub") is { } subject)
            return $"subject:{subject}";
        if (http.Request.Headers.TryGetValue(KontorHeaders.CartToken, out var cart))
            return $"cart:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cart.ToString())))}";
        return Anonymous;
    }

    static async Task<byte[]> HashOf(HttpRequest request, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.QueryString.Value}\n"));
        if (request.Body.CanSeek)
        {
            request.Body.Position = 0;
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await request.Body.ReadAsync(buffer, stop)) > 0)
                hash.AppendData(buffer, 0, read);
        }
        return hash.GetHashAndReset();
    }
}

/// <summary>Keeps answers under their keys, in the transaction of the effect.</summary>
public static class Idempotency
{
    /// <summary>Claims the key in this transaction. Null: the key is ours, go on. Else: the answer to give.</summary>
    /// <remarks>A second request under the same key waits here for the first one's transaction, at most 10 s.</remarks>
    public static async Task<Kept?> Claim(NpgsqlTransaction transaction, IdempotencyClaim claim, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(new("set local lock_timeout = '10s'"));
        var insert = new NpgsqlBatchCommand(
            "insert into idempotency (caller, method, path, key, request) values ($1, $2, $3, $4, $5) on conflict do nothing"
        );
        AddKey(insert.Parameters, claim);
        insert.Parameters.Add(new() { Value = claim.Request });
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(new("set local lock_timeout to default"));
        try
        {
            await batch.ExecuteNonQueryAsync(stop);
        }
        catch (PostgresException waited) when (waited.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return new Kept(null, Refusals.RequestInProgress);
        }
        return insert.RecordsAffected == 1 ? null : await Find(transaction, claim, stop);
    }

    /// <summary>What stands under the key: an answer, a refusal, or null where nothing does. A key whose attempt has no
    /// answer yet comes back with neither.</summary>
    public static async Task<Kept?> Find(NpgsqlTransaction transaction, IdempotencyClaim claim, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand(
            "select request, status, headers, body, person from idempotency where caller = $1 and method = $2 and path = $3 and key = $4",
            transaction.Connection,
            transaction
        );
        AddKey(find.Parameters, claim);
        await using var reader = await find.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        if (!claim.IsOf(reader.GetFieldValue<byte[]>(0)))
            return new Kept(null, Refusals.IdempotencyKeyReused);
        if (await reader.IsDBNullAsync(3, stop))
            return new Kept(null, null);
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2), KontorJson.Options)!;
        Guid? person = await reader.IsDBNullAsync(4, stop) ? null : reader.GetGuid(4);
        return new Kept(new SealedAnswer(reader.GetInt32(1), headers, reader.GetFieldValue<byte[]>(3), person), null);
    }

    /// <summary>Writes the answer under its key, once: true if it is this one that stands there now.</summary>
    /// <param name="person">Whose data the answer holds, and under whose key it is sealed; null: nobody's.</param>
    public static async Task<bool> Fix(
        NpgsqlTransaction transaction,
        IdempotencyClaim claim,
        RecordedAnswer answer,
        KeyRing keys,
        Guid? person,
        CancellationToken stop
    )
    {
        await using var fix = new NpgsqlCommand(
            """
            update idempotency set status = $5, headers = $6, body = $7, person = $8
            where caller = $1 and method = $2 and path = $3 and key = $4 and body is null
            """,
            transaction.Connection,
            transaction
        );
        AddKey(fix.Parameters, claim);
        fix.Parameters.Add(new() { Value = answer.Status });
        fix.Parameters.Add(
            new()
            {
                Value = JsonSerializer.Serialize(answer.Headers, KontorJson.Options),
                NpgsqlDbType = NpgsqlDbType.Jsonb,
            }
        );
        fix.Parameters.Add(new() { Value = keys.Seal(person, answer.Body, claim.Context) });
        fix.Parameters.Add(new() { Value = person ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        return await fix.ExecuteNonQueryAsync(stop) == 1;
    }

    /// <summary>The answer's bytes; null where they have been erased with the person that they were about.</summary>
    public static RecordedAnswer? Open(this SealedAnswer answer, IdempotencyClaim claim, KeyRing keys) =>
        keys.Open(answer.Person, answer.Body, claim.Context) is { } body
            ? new(answer.Status, answer.Headers, body)
            : null;

    static void AddKey(NpgsqlParameterCollection parameters, IdempotencyClaim claim)
    {
        parameters.Add(new() { Value = claim.Caller });
        parameters.Add(new() { Value = claim.Method });
        parameters.Add(new() { Value = claim.Path });
        parameters.Add(new() { Value = claim.Key });
    }
}

/// <summary>What stands under a key: an answer, or a refusal, or (neither) an attempt without an answer yet.</summary>
public sealed record Kept(SealedAnswer? Answer, Rejection? Rejection);

public sealed record SealedAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, Guid? Person);

/// <summary>Makes the body of a keyed write readable twice: once for the handler, once for its hash.</summary>
sealed class BufferedBodies(RequestDelegate next)
{
    public Task Invoke(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey(KontorHeaders.IdempotencyKey))
            http.Request.EnableBuffering();
        return next(http);
    }
}
