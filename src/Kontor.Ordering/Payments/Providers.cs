namespace Kontor.Ordering.Payments;

/// <summary>The payment providers of this installation, by name.</summary>
sealed class Providers(IEnumerable<IPaymentProvider> providers)
{
    readonly Dictionary<string, IPaymentProvider> byName = providers.ToDictionary(
        provider => provider.Name,
        StringComparer.Ordinal
    );

    public IPaymentProvider? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The provider of a standing attempt; one that was taken out of the program is missed loudly.</summary>
    public IPaymentProvider Named(string name) =>
        Find(name) ?? throw new InvalidOperationException($"The payment provider {name} is not registered.");
}
