using System.Security.Cryptography;
using System.Text.Json;
using Kontor.Journal;
using Kontor.Kernel;
using Kontor.Platform.Caching;
using Kontor.Platform.Http;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Kontor.Catalog.Caching;

/// <summary>Makes bodies of what was read.</summary>
static class Bodies
{
    /// <summary>Stands first in the batch of every load: what is read behind it is never older than the head.</summary>
    public const string HeadSql = "select head, mark, incarnation, now() from head";

    public static async Task<(JournalHead Head, DateTimeOffset Now)> ReadHead(
        NpgsqlDataReader reader,
        CancellationToken stop
    )
    {
        await reader.ReadAsync(stop);
        var head = new JournalHead(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2));
        var now = reader.GetFieldValue<DateTimeOffset>(3);
        await reader.NextResultAsync(stop);
        return (head, now);
    }

    /// <summary>A whole answer. One without a version is validated by what it says.</summary>
    public static Body Of<T>(Reply<T> reply, IReadOnlyList<string> tags, TimeProvider clock)
    {
        var answer = reply.Record(clock);
        return new(answer.Body, tags)
        {
            ETag = answer.Headers.TryGetValue(HeaderNames.ETag, out var tag) ? tag : TagOf(reply.Data, reply.Next),
        };
    }

    /// <summary>The answer to an address, alone.</summary>
    public static Loaded Alone(JournalHead head, BodyKey key, Body body) =>
        new(head, new Dictionary<BodyKey, Body> { [key] = body });

    /// <summary>What is not kept: there is no such thing, or it stands elsewhere.</summary>
    public static Loaded None(JournalHead head, Microsoft.AspNetCore.Http.IResult otherwise) =>
        new(head, new Dictionary<BodyKey, Body>()) { Otherwise = otherwise };

    static string TagOf<T>(T data, string? next)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new { data, next }, KontorJson.Options);
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes), 0, 10)}\"";
    }
}
