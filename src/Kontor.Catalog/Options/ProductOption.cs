using System.ComponentModel.DataAnnotations;
using Kontor.Kernel;

namespace Kontor.Catalog.Options;

/// <summary>An axis along which the variants of a product differ: colour, size.</summary>
/// <param name="Key">Unique among the options of the product.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Values">What a variant may have of it, in the owner's order.</param>
public sealed record ProductOption(string Key, string Title, IReadOnlyList<OptionValue> Values);

/// <summary>A value of an option: red, XL.</summary>
/// <param name="Key">Unique among the values of its option.</param>
/// <param name="Title">What it is called.</param>
public sealed record OptionValue(string Key, string Title);

/// <param name="Key">Unique among the options of the product; 1 to 100 letters, digits, '.', '_', ':' or '-'.</param>
/// <param name="Values">What a variant may have of it, in the order in which it is shown, 1 to 1,000.</param>
/// <param name="Title">What it is called, 1 to 200 characters; the key where left out.</param>
public sealed record OptionRequest(
    [property: Required] string Key,
    [property: Required] IReadOnlyList<OptionValueRequest> Values,
    string? Title = null
)
{
    /// <summary>JSON lets a list hold null where C# says it cannot.</summary>
    internal static Rejection? Missing(IReadOnlyList<OptionRequest?>? options)
    {
        for (var i = 0; i < options?.Count; i++)
        {
            if (options[i] is not { Values: { } values })
                return Rejections.ProductInvalid.At($"options[{i}]", "An option is an object with a key and values.");
            for (var j = 0; j < values.Count; j++)
                if (values[j] is null)
                    return Rejections.ProductInvalid.At(
                        $"options[{i}].values[{j}]",
                        "A value is an object with a key."
                    );
        }
        return null;
    }

    internal static IReadOnlyList<ProductOption> Whole(IReadOnlyList<OptionRequest>? options) =>
        [
            .. (options ?? []).Select(option => new ProductOption(
                option.Key,
                option.Title ?? option.Key,
                [.. option.Values.Select(value => new OptionValue(value.Key, value.Title ?? value.Key))]
            )),
        ];
}

/// <param name="Key">Unique among the values of its option; 1 to 100 letters, digits, '.', '_', ':' or '-'.</param>
/// <param name="Title">What it is called, 1 to 200 characters; the key where left out.</param>
public sealed record OptionValueRequest([property: Required] string Key, string? Title = null);
