using System.Text;
using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Encryption;

namespace Kontor.Ordering.Carts;

/// <summary>A cart as its tables hold it.</summary>
/// <param name="TokenHash">SHA-256 of the token that its guest holds.</param>
/// <param name="Contact">Who buys and where the goods go, sealed.</param>
/// <param name="Attempt">The order that is being, or was, made of it.</param>
/// <param name="IsErased">Its guest was erased, and it takes no other.</param>
/// <param name="Channel">Where it was opened, by Catalog's key of it; decides upon prices.</param>
sealed record Cart(
    CartId Id,
    byte[] TokenHash,
    string Currency,
    string? Country,
    long Version,
    byte[]? Contact,
    OrderId? Attempt,
    bool IsOrdered,
    bool IsErased,
    IReadOnlyList<CartLine> Lines,
    string? Channel = null
)
{
    public const int MaxLines = 200;

    public string Stream => StreamOf(Id);

    /// <summary>Under whose key all is sealed that is about this cart; null until it is known who buys.</summary>
    /// <remarks>A contact of versions that had no keys of persons is under the installation's; so is then all else.</remarks>
    public Guid? Person => KeyRing.IsPersonal(Contact) ? Id.Value : null;

    public IEnumerable<string> Skus => Lines.Select(line => line.Sku);

    /// <summary>What Catalog is asked: each line by its pieces.</summary>
    public OfferQuestion Question =>
        new([.. Lines.Select(line => new OfferWish(line.Sku, line.Quantity))], Currency, Country, Channel);

    /// <summary>The same, with a line as it is about to be: the pieces of a line decide upon its price.</summary>
    public OfferQuestion QuestionWith(string sku, int quantity) =>
        Question with
        {
            Wishes =
            [
                .. Question.Wishes.Where(wish => wish.Sku != sku),
                new OfferWish(sku, Math.Clamp(quantity, 1, CartLine.MaxQuantity)),
            ],
        };

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

/// <summary>Who buys and where the goods go: everything about a person that Ordering holds, sealed as one piece under the
/// cart's own key.</summary>
sealed record Contact(string Email, Address Shipping, Address? Billing = null)
{
    const string Gone = "[erased]";

    /// <summary>Needs the cart's key to be there; nothing where it was destroyed.</summary>
    public byte[] Seal(CartId cart, KeyRing keys) =>
        keys.Seal(cart.Value, JsonSerializer.SerializeToUtf8Bytes(this, KontorJson.Options), Context(cart));

    /// <summary>The contact of a cart; null where it has none yet.</summary>
    public static Contact? Of(Cart cart, KeyRing keys)
    {
        if (cart.Country is not { } country || (cart.Contact is null && !cart.IsErased))
            return null;
        return Open(cart.Contact, cart.Id, country, keys);
    }

    /// <summary>What was sealed, or what is shown in its place after its erasure: the country stays, for the taxes.</summary>
    public static Contact Open(byte[]? box, CartId cart, string country, KeyRing keys)
    {
        if (keys.Open(cart.Value, box, Context(cart)) is not { } json)
            return new(Gone, new(Gone, Gone, Gone, Gone, country));
        return JsonSerializer.Deserialize<Contact>(json, KontorJson.Options)
            ?? throw new InvalidOperationException($"The contact of cart {cart} is empty.");
    }

    static byte[] Context(CartId cart) => Encoding.UTF8.GetBytes($"contact\n{cart}");
}
