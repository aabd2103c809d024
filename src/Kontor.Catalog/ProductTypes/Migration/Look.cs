using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kontor.Kernel;

namespace Kontor.Catalog.ProductTypes.Migration;

/// <summary>A look at an attribute's values, one after the other: what of them stands against its new definition.</summary>
/// <remarks>It keeps no value: of those that are to be unique it keeps a hash and whose they are, so that a hundred
/// thousand long texts can be looked at in a few megabytes.</remarks>
sealed class Look(MigrationPlan.Way way, MatchTime? time = null)
{
    readonly Dictionary<string, Violation> broken = new(StringComparer.Ordinal);
    readonly Dictionary<UInt128, string> owners = [];
    readonly MatchTime time = time ?? new(MatchTime.OfVerdict);

    public IReadOnlyCollection<Violation> Broken => broken.Values;

    /// <summary>The refusal where a value could not be said to be right or wrong: it is no violation.</summary>
    public Rejection? Undecided { get; private set; }

    /// <summary>The rule: whether a value may stand, by itself and beside those before it.</summary>
    public void At(Standing standing)
    {
        var faults = new Faults { Time = time };
        var converted = MigrationPlan.Convert(way, standing.Value, way.To.Key, faults);
        if (faults.IsUndecided)
            Undecided = faults.As(Rejections.AttributeUndecided);
        else if (faults.FirstRule is { } rule)
            Add(rule, faults.ByPath.Values.First()[0], standing);
        else if (way.To.Unique && converted is { } value)
            Own(AttributeWriter.TextOf(value), standing);
    }

    void Own(string text, Standing standing)
    {
        if (!owners.TryAdd(HashOf(text), standing.Examples[0]))
            Add(
                "unique",
                $"'{text}' stands more than once.",
                standing with
                {
                    Examples = [owners[HashOf(text)], .. standing.Examples],
                }
            );
        else if (standing.Count > 1)
            Add("unique", $"'{text}' stands {standing.Count} times.", standing);
    }

    void Add(string rule, string reason, Standing standing)
    {
        var (count, examples) = broken.TryGetValue(rule, out var known) ? (known.Count, known.Examples) : (0, []);
        broken[rule] = new(
            way.To.Key,
            rule,
            known?.Reason ?? reason,
            count + standing.Count,
            [.. examples.Concat(standing.Examples).Distinct(StringComparer.Ordinal).Take(Verdict.MaxExamples)]
        );
    }

    static UInt128 HashOf(string text) =>
        BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
