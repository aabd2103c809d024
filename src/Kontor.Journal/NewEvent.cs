using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Journal;

/// <summary>An event that is about to be appended.</summary>
/// <param name="Stream">The stream it belongs to, <c>order-0193…</c>.</param>
/// <param name="Type">Its written name, <c>order.placed.v1</c>.</param>
/// <param name="Body">Its JSON object.</param>
/// <param name="Expected">The version that the stream must have before (0: it must be new); null where a row lock of the
/// noun's own table already orders its writers. Counted once for all events of one stream in one append.</param>
public sealed record NewEvent(string Stream, string Type, string Body, long? Expected)
{
    /// <summary>An event whose body is a record with an <see cref="EventNameAttribute"/>.</summary>
    public static NewEvent Of(string stream, object happened, long? expected = null) =>
        new(
            stream,
            EventNameAttribute.Of(happened.GetType()),
            JsonSerializer.Serialize(happened, happened.GetType(), KontorJson.Options),
            expected
        );
}
