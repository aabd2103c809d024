using System.Buffers.Binary;
using System.Text.Json;
using Kontor.Journal;
using Kontor.Kernel;

namespace Kontor.Platform.Caching.Redis;

/// <summary>A body as Redis holds it: the length of what is said of it, that as JSON, and the bytes.</summary>
static class PackedBody
{
    /// <param name="IsBounded">It is right only as long as it lasts there.</param>
    /// <param name="ShownMs">How long it may be shown after that; null: as long as anybody wants.</param>
    sealed record Said(long Mark, bool IsBounded, string? ETag = null, string? Languages = null, long? ShownMs = null);

    /// <param name="lastsMs">How long it stays there.</param>
    public static byte[] Pack(Kept entry, long lastsMs, long? shownMs)
    {
        var said = JsonSerializer.SerializeToUtf8Bytes(
            new Said(
                entry.Head.Mark,
                entry.Until != long.MaxValue,
                entry.Body.ETag,
                entry.Body.Languages,
                shownMs - lastsMs
            ),
            KontorJson.Options
        );
        var packed = new byte[sizeof(int) + said.Length + entry.Body.Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packed, said.Length);
        said.CopyTo(packed.AsSpan(sizeof(int)));
        entry.Body.Bytes.Span.CopyTo(packed.AsSpan(sizeof(int) + said.Length));
        return packed;
    }

    /// <param name="lastsMs">How long it is still there.</param>
    public static (Body Body, JournalHead Head) Unpack(
        ReadOnlyMemory<byte> packed,
        string tags,
        (string Incarnation, long Sequence) head,
        long lastsMs
    )
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(packed.Span);
        var said = JsonSerializer.Deserialize<Said>(packed.Span.Slice(sizeof(int), length), KontorJson.Tolerant)!;
        var body = new Body(packed[(sizeof(int) + length)..], tags.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            ETag = said.ETag,
            Languages = said.Languages,
            Lasts = said.IsBounded ? TimeSpan.FromMilliseconds(lastsMs) : null,
            Shown = said.ShownMs is { } after ? TimeSpan.FromMilliseconds(lastsMs + after) : null,
        };
        return (body, new(head.Sequence, said.Mark, head.Incarnation));
    }
}
