using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontor.Kernel;

/// <summary>The one JSON dialect: camelCase, strict members, integers as integers, enums as camelCase words,
/// no duplicate members, at most 32 levels deep, no U+0000 (PostgreSQL cannot hold it).</summary>
public static class KontorJson
{
    public const int MaxDepth = 32;

    public static readonly JsonSerializerOptions Options = Configure(new());

    /// <summary>For reading what another version of this program wrote (events, answers of other services): members that
    /// it added are overlooked.</summary>
    public static readonly JsonSerializerOptions Tolerant = new(Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    /// <summary>For reading what this program wrote itself: a member without a value was left out.</summary>
    public static readonly JsonSerializerOptions Stored = new(Tolerant)
    {
        RespectRequiredConstructorParameters = false,
    };

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = MaxDepth;
        // Answers are JSON with nosniff, never pasted into HTML: 'é' stays 'é'.
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new StorableText());
        options.Converters.Add(new UtcTime());
        return options;
    }
}

/// <summary>Times as RFC 3339 in UTC with <c>Z</c>, to the microsecond, which is what PostgreSQL keeps.</summary>
sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)
            ? time.ToUniversalTime()
            : throw new JsonException("A time is RFC 3339, such as 2026-11-23T06:30:00Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[27];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", null);
        writer.WriteStringValue(text[..length]);
    }
}

/// <summary>Text that PostgreSQL can hold: no U+0000 and no half of a surrogate pair.</summary>
sealed class StorableText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A string is expected.");

        string? text;
        try
        {
            text = reader.GetString();
        }
        catch (InvalidOperationException unpaired)
        {
            throw new JsonException("The text holds half of a surrogate pair.", unpaired);
        }
        if (text is not null && text.Contains('\0'))
            throw new JsonException("The text holds U+0000, which cannot be stored.");
        return text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
