using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontor.Kernel;

/// <summary>A member of a merge patch (RFC 7396): left out, or set, perhaps to null.</summary>
[JsonConverter(typeof(OptionalJson))]
public readonly record struct Optional<T>(T Value)
{
    public bool IsSet { get; } = true;

    /// <summary>The value where one was sent, else what stands.</summary>
    public T Or(T standing) => IsSet ? Value : standing;
}

sealed class OptionalJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)
            Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => new(JsonSerializer.Deserialize<T>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
