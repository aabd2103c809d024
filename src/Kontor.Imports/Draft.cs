namespace Kontor.Imports;

/// <summary>What one row of a feed says about a product: a part of it, as a request to write it has it.</summary>
/// <param name="Key">The product's key: rows of one key are parts of one product.</param>
/// <param name="At">Where it was read.</param>
/// <param name="Product">
/// UTF-8 JSON, the form in which <c>POST /api/v1/products</c> takes a product; members that the row says nothing about are
/// absent. Rows of one product are laid together: members of objects one by one (the earlier row wins), variants by their
/// <c>sku</c>.
/// </param>
public sealed record Draft(string Key, RowAt At, ReadOnlyMemory<byte> Product);

/// <summary>A place in what is imported.</summary>
/// <param name="File">Which file of the run, from 0.</param>
/// <param name="Line">The line that the row begins on, from 1; of forms without lines, the row's number.</param>
public readonly record struct RowAt(int File, long Line);

/// <summary>Why a row, or a value of it, is not taken as it stands.</summary>
/// <param name="Column">The field of the feed; null where the row as a whole is meant.</param>
/// <param name="Value">What stands there, cut where it is long.</param>
/// <param name="Code">The rule, as a stable code.</param>
/// <param name="Message">What is wrong, for a person.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="IsFatal">The row is put into quarantine; otherwise it comes in without this value.</param>
public sealed record RowFault(
    RowAt At,
    string? Column,
    string? Value,
    string Code,
    string Message,
    string? Hint,
    bool IsFatal
);

/// <summary>A row after mapping: its part of a product, or the reasons why there is none; harmless faults may come with it.</summary>
/// <param name="Source">The row as it was read, for quarantine: UTF-8 JSON of its fields; empty where there is no fault.</param>
public sealed record MappedRow(RowAt At, Draft? Draft, IReadOnlyList<RowFault> Faults, ReadOnlyMemory<byte> Source)
{
    /// <summary>Of the product that it speaks of, where that much could be read, whether it comes in or not.</summary>
    public string? Key { get; init; } = Draft?.Key;
}
