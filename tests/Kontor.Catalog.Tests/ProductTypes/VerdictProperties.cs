using System.Text.Json;
using CsCheck;
using Kontor.Catalog.ProductTypes;
using Kontor.Catalog.ProductTypes.Migration;
using static Kontor.Catalog.Tests.ProductTypes.VerdictCases;

namespace Kontor.Catalog.Tests.ProductTypes;

/// <summary>What must hold for whatever definitions and products there are.</summary>
public sealed class VerdictProperties
{
    [Fact]
    public void What_is_valid_under_the_old_definition_is_valid_under_the_new_one_when_the_verdict_says_compatible() =>
        Case.Where(c => c.Old.Faults().Count == 0)
            .Sample(
                c =>
                {
                    var standing = Valid(c.Old, c.Products);
                    if (
                        !MigrationPlan.Of(c.Old, "T", c.New, []).Is(out var plan, out _)
                        || !IsCompatible(plan, standing)
                    )
                        return true;
                    return standing.TrueForAll(product => IsValid(plan.To, product, product))
                        && AreUnique(plan.To, standing);
                },
                iter: 100_000
            );

    [Fact]
    public void The_verdict_says_compatible_whenever_every_product_is_valid_and_stays_as_it_is() =>
        Case.Where(c => c.Old.Faults().Count == 0)
            .Sample(
                c =>
                {
                    var standing = Valid(c.Old, c.Products);
                    if (!MigrationPlan.Of(c.Old, "T", c.New, []).Is(out var plan, out _))
                        return true;
                    // What a reference means, the value does not say.
                    var meansTheSame = plan.Ways.All(way => way.From is null || way.From.To == way.To.To);
                    var stays =
                        meansTheSame
                        && standing.TrueForAll(product =>
                            IsValid(plan.To, product, product) && HasRequired(plan.To, product)
                        )
                        && AreUnique(plan.To, standing);
                    return !stays || IsCompatible(plan, standing);
                },
                iter: 50_000
            );

    [Fact]
    public void What_a_migration_makes_of_products_that_the_verdict_allows_is_valid_and_in_its_final_form() =>
        Gen.Select(Case, Gen.Enum<Conversion>(), Gen.Enum<OnError>(), Gen.Int[0, 6], Gen.OneOf(Values))
            .Where((c, _, _, _, _) => c.Old.Faults().Count == 0)
            .Sample(
                (c, conversion, onError, which, value) =>
                {
                    var standing = Valid(c.Old, c.Products);
                    var steps = Steps(conversion, onError, which, ValueForms.Json(value));
                    if (
                        !MigrationPlan.Of(c.Old, "T", c.New, steps).Is(out var plan, out _)
                        || !IsCompatible(plan, standing)
                    )
                        return true;
                    return standing.TrueForAll(product =>
                    {
                        var faults = new Faults();
                        var next = plan.Convert(AttributeLevel.Product, product, "attributes", faults);
                        return faults.Count == 0 && IsValid(plan.To, next, next);
                    });
                },
                iter: 100_000
            );

    [Fact]
    public void A_value_read_again_is_the_same() =>
        Gen.Select(AnyAttribute, Gen.OneOf(Values))
            .Where((attribute, _) => new TypeDefinition("t", "T", 1, 0, [attribute]).Faults().Count == 0)
            .Sample(
                (attribute, value) =>
                {
                    var faults = new Faults();
                    var once = AttributeValues.Read(attribute, ValueForms.Json(value), "x", faults);
                    return once is not { } stored
                        || AttributeValues.Read(attribute, stored, "x", faults)?.GetRawText() == stored.GetRawText();
                },
                iter: 50_000
            );

    [Fact]
    public void Every_decimal_of_28_digits_keeps_them_and_a_longer_one_is_none() =>
        Gen.Decimal.Sample(number =>
        {
            var text = ValueForms.TextOf(number);
            var digits = text.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '0').Length;
            decimal? read = digits <= 28 ? number : null;
            return ValueForms.Exact(text) == read && ValueForms.Exact($"{text}e0") == read;
        });

    [Fact]
    public void The_cases_are_of_both_sides()
    {
        var (compatible, broken, migrated) = (0, 0, 0);
        Case.Where(c => c.Old.Faults().Count == 0)
            .Sample(
                c =>
                {
                    var standing = Valid(c.Old, c.Products);
                    if (!MigrationPlan.Of(c.Old, "T", c.New, []).Is(out var plan, out _) || standing.Count == 0)
                        return;
                    if (Verdict.ToLookAt(plan).Count + plan.Left.Count == 0)
                        return;
                    _ = IsCompatible(plan, standing)
                        ? Interlocked.Increment(ref compatible)
                        : Interlocked.Increment(ref broken);
                },
                iter: 20_000
            );
        Gen.Select(Case, Gen.Enum<Conversion>(), Gen.Int[0, 6])
            .Where((c, _, _) => c.Old.Faults().Count == 0)
            .Sample(
                (c, conversion, which) =>
                {
                    if (
                        MigrationPlan
                            .Of(c.Old, "T", c.New, Steps(conversion, OnError.Drop, which, default))
                            .Is(out _, out _) && which is 0 or 1
                    )
                        Interlocked.Increment(ref migrated);
                },
                iter: 20_000
            );

        Assert.True(compatible > 100 && broken > 100 && migrated > 20, $"{compatible}, {broken}, {migrated}");
    }

    static List<Dictionary<string, JsonElement>> Valid(TypeDefinition type, string?[][] products)
    {
        var valid = new List<Dictionary<string, JsonElement>>();
        foreach (var values in products)
        {
            var faults = new Faults();
            var given = type
                .Attributes.Select((attribute, i) => (attribute.Key, Value: values[i]))
                .Where(value => value.Value is not null)
                .ToDictionary(value => value.Key, value => ValueForms.Json(value.Value!), StringComparer.Ordinal);
            var read = type.Read(AttributeLevel.Product, given, "attributes", faults);
            if (faults.Count == 0 && AreUnique(type, [.. valid, read]))
                valid.Add(read);
        }
        return valid;
    }

    static bool IsCompatible(MigrationPlan plan, List<Dictionary<string, JsonElement>> products) =>
        Verdict
            .ToLookAt(plan)
            .All(way =>
                Broken(
                    way,
                    products
                        .GroupBy(product =>
                            way.From is { } from && product.TryGetValue(from.Key, out var value)
                                ? value.GetRawText()
                                : null
                        )
                        .Select(group => new Standing(
                            group.Key is null ? null : ValueForms.Json(group.Key),
                            group.Count(),
                            ["p"]
                        ))
                ) == 0
            ) && !plan.Left.Any(gone => products.Exists(product => product.ContainsKey(gone.Key)));

    static int Broken(MigrationPlan.Way way, IEnumerable<Standing> values)
    {
        var look = new Look(way);
        foreach (var value in values)
            look.At(value);
        return look.Broken.Count;
    }

    static bool IsValid(
        TypeDefinition type,
        IReadOnlyDictionary<string, JsonElement> product,
        IReadOnlyDictionary<string, JsonElement> stands
    )
    {
        var faults = new Faults();
        var read = type.Read(AttributeLevel.Product, product, "attributes", faults);
        return faults.Count == 0
            && read.Count == stands.Count
            && read.All(value => JsonElement.DeepEquals(value.Value, stands[value.Key]));
    }

    static bool HasRequired(TypeDefinition type, Dictionary<string, JsonElement> product) =>
        type.Attributes.All(attribute => !attribute.Required || product.ContainsKey(attribute.Key));

    static bool AreUnique(TypeDefinition type, List<Dictionary<string, JsonElement>> products) =>
        type
            .Attributes.Where(attribute => attribute.Unique)
            .All(attribute =>
                products
                    .Where(product => product.ContainsKey(attribute.Key))
                    .GroupBy(product => AttributeWriter.TextOf(product[attribute.Key]), StringComparer.Ordinal)
                    .All(group => group.Count() == 1)
            );
}
