using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.Bundles;

/// <summary>Makes a variant a bundle of others, or, with If-Match, of others than before.</summary>
/// <remarks>What is reserved stays reserved as it was taken; from here on the bundle is taken from the new components.</remarks>
static class SetComponents
{
    public const int MaxComponents = 100;
    const int MaxPieces = 10_000;

    /// <param name="Components">1 to 100, all of them, in the order in which they are shown.</param>
    public sealed record Request([property: Required] IReadOnlyList<BundleComponent> Components);

    public static void Map(IEndpointRouteBuilder variants) =>
        variants
            .MapPut("/{sku}/components", Handle)
            .WithName("setComponents")
            .WithSummary("Makes a variant a bundle of others, or with If-Match of others than before")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(
                Refusals.ValidationFailed,
                Rejections.SkuNotFound,
                Rejections.ProductDeleted,
                Rejections.ComponentUnusable,
                Rejections.BundleIsComponent,
                Rejections.VariantHasStock,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<BundleView>> Handle(
        string sku,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Expectation.Of(http).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(sku))
            return Rejections.SkuNotFound;
        return Fault(sku, wanted.Components) is { } fault
            ? fault
            : await http.Write(database, work => Store(work, sku, wanted.Components, expected, stop), stop);
    }

    /// <summary>The rule of the request alone; null where nothing is wrong with it.</summary>
    internal static Rejection? Fault(string sku, IReadOnlyList<BundleComponent?> components)
    {
        if (components.Count is < 1 or > MaxComponents)
            return Refusals.ValidationFailed.At("components", $"1 to {MaxComponents}.");
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < components.Count; i++)
            if (components[i] is not { } component)
                faults.Add($"components[{i}]", ["A component is an object with sku and quantity."]);
            else
            {
                if (!Keys.Is(component.Sku))
                    faults.Add($"components[{i}].sku", [Keys.Rule]);
                else if (component.Sku == sku)
                    faults.Add($"components[{i}].sku", ["A bundle is not made of itself."]);
                else if (!seen.Add(component.Sku))
                    faults.Add($"components[{i}].sku", ["It stands there more than once."]);
                if (component.Quantity is < 1 or > MaxPieces)
                    faults.Add($"components[{i}].quantity", [$"1 to {MaxPieces} pieces."]);
            }
        return faults.Count == 0 ? null : Refusals.ValidationFailed with { Errors = faults };
    }

    /// <summary>The rule of what stands; null where nothing is against it.</summary>
    internal static Rejection? Decide(
        LockedVariant bundle,
        IReadOnlyList<BundleComponent> components,
        IReadOnlyDictionary<string, LockedVariant> found
    )
    {
        if (bundle.IsDeleted)
            return Rejections.ProductDeleted;
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (var i = 0; i < components.Count; i++)
        {
            var reason = found.GetValueOrDefault(components[i].Sku) switch
            {
                null => "No variant has this SKU.",
                { IsDeleted: true } => "Its product is deleted.",
                { IsBundle: true } => "It is a bundle itself.",
                _ => null,
            };
            if (reason is not null)
                faults.Add($"components[{i}].sku", [reason]);
        }
        return faults.Count == 0 ? null : Rejections.ComponentUnusable with { Errors = faults };
    }

    static async Task<Reply<BundleView>> Store(
        Work work,
        string sku,
        IReadOnlyList<BundleComponent> components,
        Expectation expected,
        CancellationToken stop
    )
    {
        var found = await BundleTable.Lock(work, [sku, .. components.Select(component => component.Sku)], stop);
        if (!found.TryGetValue(sku, out var bundle))
            return Rejections.SkuNotFound;
        if (expected.Decide(bundle.IsBundle ? bundle.Version : null) is { } stale)
            return stale;
        if (Decide(bundle, components, found) is { } refused)
            return refused;
        if (!bundle.IsBundle && await BundleTable.Clear(work, bundle, stop) is { } hindered)
            return hindered;

        var standing = bundle.IsBundle ? await BundleTable.Find(work.Connection, sku, stop) : null;
        if (standing is not null && Of(standing).SequenceEqual(components))
        {
            var same = Reply<BundleView>.Of(standing, version: standing.Version);
            same.Position = (await work.Standing($"bundle-{sku}", stop)).ToString();
            return same;
        }
        await BundleTable.Write(work, bundle, [.. components.Select(c => (found[c.Sku].Id, c.Quantity))], stop);
        var view =
            await BundleTable.Find(work.Connection, sku, stop)
            ?? throw new InvalidOperationException("The bundle that was just written is not there.");
        BundleTable.Changed(work, bundle, view);
        return Reply<BundleView>.Of(
            view,
            standing is null ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            view.Version,
            standing is null ? $"/api/v1/variants/{sku}/components" : null
        );
    }

    static IEnumerable<BundleComponent> Of(BundleView view) =>
        view.Components.Select(component => new BundleComponent(component.Sku, component.Quantity));
}
