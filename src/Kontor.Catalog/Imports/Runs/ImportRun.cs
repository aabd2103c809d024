using System.Text.Json;
using Kontor.Contracts.Catalog;

namespace Kontor.Catalog.Imports.Runs;

/// <summary>What a mapping says of a run as a whole.</summary>
/// <param name="Supplier">Whose feed it is; a key.</param>
/// <param name="WithdrawMissing">Products that the supplier delivered before, and does not any more, are archived.</param>
/// <param name="MaxLossPercent">Where more of the products delivered before are missing, the run waits for a person.</param>
/// <param name="MaxFaults">Where more rows are put into quarantine, the run fails.</param>
public sealed record ImportTerms(
    string Supplier,
    bool WithdrawMissing = false,
    int MaxLossPercent = 20,
    long MaxFaults = 1_000_000
)
{
    /// <summary>What is wrong with them; null where nothing is.</summary>
    internal string? Fault =>
        !Keys.Is(Supplier) ? $"supplier: {Keys.Rule}"
        : MaxLossPercent is < 0 or > 100 ? "maxLossPercent: 0 to 100."
        : MaxFaults < 0 ? "maxFaults: 0 or more."
        : null;
}

/// <summary>A file of a run.</summary>
/// <param name="Sha256">Of its bytes as they were sent, in hexadecimal digits.</param>
public sealed record ImportFileView(int Place, string Name, long Bytes, string Sha256);

/// <summary>An import from its first byte to its end, and further to its undoing.</summary>
/// <param name="IsApproved">It need not ask: what is planned may be loaded.</param>
/// <param name="Position">How far the present step has come.</param>
/// <param name="Held">The code of why it waits or has failed.</param>
/// <param name="HeldBecause">The same for a person.</param>
/// <param name="Version">Counts what is written to the row; whoever writes names the one that it has seen.</param>
public sealed record ImportRun(
    Guid Id,
    ImportTerms Terms,
    string Mapping,
    bool IsApproved,
    ImportState State,
    string Position,
    ImportCounts Counts,
    string? Held,
    string? HeldBecause,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Version
)
{
    /// <summary>One that is opened is to be started within this time.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    /// <summary>A worker has something to do.</summary>
    public bool IsActive =>
        State
            is ImportState.Staging
                or ImportState.Planning
                or ImportState.Loading
                or ImportState.Withdrawing
                or ImportState.Undoing;

    /// <summary>What is missing in its files may be concluded from: they say all that the supplier has.</summary>
    internal bool Withdraws => Terms.WithdrawMissing && !Counts.Partial;

    /// <summary>Nothing of it can be loaded any more.</summary>
    public bool HasEnded =>
        State is ImportState.Done or ImportState.Undone or ImportState.Failed or ImportState.Cancelled;

    internal ImportRun To(ImportState state) =>
        this with
        {
            State = state,
            Position = "",
            Held = null,
            HeldBecause = null,
        };

    internal ImportRun Holding(ImportState state, string code, string because) =>
        To(state) with
        {
            Held = code,
            HeldBecause = because,
        };
}

/// <summary>States as a person reads them, and as JSON has them.</summary>
public static class ImportStates
{
    extension(ImportState state)
    {
        public string Word => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
    }
}
