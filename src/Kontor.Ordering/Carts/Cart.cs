using System.Text;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Encryption;

namespace Kontor.Ordering.Carts;

/// <summary>A cart as its tables hold it.</summary>
/// <param name="TokenHash">SHA-256 of the token that its guest holds.</param>
/// <param name="Contact">Who buys and where the goods go, sealed.</param>
/// <param name="Attempt">The order that is being, or was, made of it.</param>
sealed record Cart(
    CartId Id,
    byte[] TokenHash,
    string Currency,
    string? Country,
    long Version,
    byte[]? Contact,
    OrderId? Attempt,
    bool IsOrdered,
    IReadOnlyList<CartLine> Lines
)
{
    public const int MaxLines = 200;

    public string Stream => StreamOf(Id);

    public IEnumerable<string> Skus => Lines.Select(line => line.Sku);

    public static string StreamOf(CartId cart) => $"cart-{cart}";

    public CartLine? Line(string sku) => Lines.FirstOrDefault(line => line.Sku == sku);

    /// <summary>The cart with this line in the place of the one of its SKU, or at the end.</summary>
    public Cart With(CartLine line) =>
        this with
        {
            Version = Version + 1,
            Lines = Line(line.Sku) is null
                ? [.. Lines, line]
                : [.. Lines.Select(held => held.Sku == line.Sku ? line : held)],
        };

    public Cart Without(string sku) =>
        this with
        {
            Version = Version + 1,
            Lines = [.. Lines.Where(line => line.Sku != sku)],
        };
}

/// <param name="UnitPrice">What the buyer was shown when the line was last changed.</param>
sealed record CartLine(string Sku, string Title, int Quantity, Money UnitPrice)
{
    public const int MaxQuantity = 999;

    /// <summary>No price above this is sold, so that 200 lines of 999 pieces still have a sum.</summary>
    public const long MaxUnitAmount = 1_000_000_000_000;
}

/// <summary>Who buys and where the goods go: everything about a person that Ordering holds, sealed as one piece.</summary>
sealed record Contact(string Email, Address Shipping, Address? Billing = null)
{
    public byte[] Seal(CartId cart, InstallationKey key) =>
        key.Seal(JsonSerializer.SerializeToUtf8Bytes(this, KontorJson.Options), Context(cart));

    public static Contact Open(byte[] box, CartId cart, InstallationKey key) =>
        JsonSerializer.Deserialize<Contact>(key.Open(box, Context(cart)), KontorJson.Options)
        ?? throw new InvalidOperationException($"The contact of cart {cart} is empty.");

    static byte[] Context(CartId cart) => Encoding.UTF8.GetBytes($"contact\n{cart}");
}
