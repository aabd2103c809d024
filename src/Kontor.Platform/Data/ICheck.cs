namespace Kontor.Platform.Data;

/// <summary>Something that is always true of the data, which one statement cannot say; <c>kontor verify</c> asks it, on a
/// live installation too: what is merely under way is no finding.</summary>
public interface ICheck
{
    /// <summary>The service whose data it is about.</summary>
    string Service { get; }

    /// <summary>Its name in reports.</summary>
    string Rule { get; }

    /// <summary>One sentence for each violation, at most <see cref="MaxFindings"/>.</summary>
    Task<IReadOnlyList<string>> Run(CancellationToken stop);

    public const int MaxFindings = 100;
}
