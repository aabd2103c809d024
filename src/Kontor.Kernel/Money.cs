using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kontor.Kernel;

/// <summary>An amount in minor units (cents) of an ISO 4217 currency. Arithmetic is checked; currencies never mix.</summary>
/// <param name="Amount">Minor units: 1999 is 19.99 EUR, 1999 is 1,999 JPY.</param>
/// <param name="Currency">An ISO 4217 code, three upper-case letters.</param>
[JsonConverter(typeof(MoneyJson))]
public readonly record struct Money(long Amount, string Currency)
{
    public static Money Zero(string currency) => new(0, currency);

    public static Money operator +(Money left, Money right) =>
        new(left.Amount + right.In(left.Currency), left.Currency);

    public static Money operator -(Money left, Money right) =>
        new(left.Amount - right.In(left.Currency), left.Currency);

    public static Money operator *(Money unit, int quantity) => new(unit.Amount * quantity, unit.Currency);

    /// <summary>Splits an amount by weights; the parts sum to it to the minor unit. Leftover units go to the largest
    /// remainders, and among equals to the earliest part.</summary>
    public IReadOnlyList<Money> Allocate(IReadOnlyList<long> weights)
    {
        if (weights.Count == 0 || weights.Any(weight => weight < 0) || weights.Sum() == 0)
            throw new ArgumentException("Weights are not negative and not all zero.", nameof(weights));

        Int128 total = weights.Sum();
        var amount = Amount;
        var parts = weights.Select(weight => (long)(amount * (Int128)weight / total)).ToArray();
        var left = amount - parts.Sum();
        var order = Enumerable
            .Range(0, weights.Count)
            .OrderByDescending(i => Int128.Abs(amount * (Int128)weights[i] % total))
            .ThenBy(i => i);
        foreach (var i in order.Take((int)Math.Abs(left)))
            parts[i] += Math.Sign(left);

        var currency = Currency;
        return [.. parts.Select(part => new Money(part, currency))];
    }

    public override string ToString() => $"{Amount} {Currency}";

    long In(string currency) =>
        Currency == currency ? Amount : throw new InvalidOperationException($"{this} is not in {currency}.");
}

/// <summary>Money as <c>{"amount":1999,"currency":"EUR"}</c>; anything else is refused.</summary>
sealed class MoneyJson : JsonConverter<Money>
{
    const string Shape = "Money is {\"amount\": minor units as an integer, \"currency\": an ISO 4217 code}.";

    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException(Shape);

        long? amount = null;
        string? currency = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("amount"u8) && amount is null)
            {
                reader.Read();
                amount =
                    reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var minor)
                        ? minor
                        : throw new JsonException(Shape);
            }
            else if (reader.ValueTextEquals("currency"u8) && currency is null)
            {
                reader.Read();
                currency = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (!Currencies.Exists(currency))
                    throw new JsonException(Shape);
            }
            else
                throw new JsonException(Shape);
        }
        if (amount is not { } value || currency is null)
            throw new JsonException(Shape);
        return new Money(value, currency);
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("amount"u8, value.Amount);
        writer.WriteString("currency"u8, value.Currency);
        writer.WriteEndObject();
    }
}
