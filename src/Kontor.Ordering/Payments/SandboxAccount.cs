namespace Kontor.Ordering.Payments;

/// <summary>The merchant's account at the sandbox provider.</summary>
/// <param name="Url">Where the sandbox is.</param>
/// <param name="Secret">Borne by every call, and the key of the sandbox's callbacks.</param>
/// <param name="Callbacks">The public base address of this installation; null: the address that this process listens at.</param>
public sealed record SandboxAccount(Uri Url, string Secret, Uri? Callbacks = null)
{
    public const string CallbackPath = "/api/v1/payments/sandbox/callbacks";

    // The generated text would show the secret.
    public override string ToString() => Url.ToString();
}
