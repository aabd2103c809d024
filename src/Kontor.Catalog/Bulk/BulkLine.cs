using Kontor.Catalog.Products;
using Kontor.Kernel;

namespace Kontor.Catalog.Bulk;

/// <summary>What became of a line.</summary>
enum BulkStatus
{
    /// <summary>There was nothing of this name: now there is.</summary>
    Created,

    /// <summary>It is another now.</summary>
    Updated,

    /// <summary>It stood so already; nothing was written.</summary>
    Unchanged,

    /// <summary>Nothing of the line was written; the code says why.</summary>
    Rejected,
}

/// <summary>What became of a line, written as soon as it is decided and kept.</summary>
/// <param name="Line">Counts from 1; empty lines count too.</param>
/// <param name="Key">The product's or price's, or the SKU that was counted, where the line could be read.</param>
/// <param name="Id">The product's; absent where the line was rejected.</param>
/// <param name="Version">The product's or price's after this line; absent where the line was rejected.</param>
/// <param name="Code">Why it was rejected, as the refusal of a single product says it.</param>
/// <param name="Title">What the code means.</param>
/// <param name="Detail">What is particular to this line.</param>
/// <param name="Errors">Reasons by JSON path of the line, at most ten.</param>
/// <param name="Removed">What was taken out of rich texts because it could do harm, by their path.</param>
sealed record BulkLine(
    long Line,
    string? Key,
    BulkStatus Status,
    Guid? Id = null,
    long? Version = null,
    string? Code = null,
    string? Title = null,
    string? Detail = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Removed = null
)
{
    const int MostErrors = 10;

    public static BulkLine Of(WantedLine line, BulkStatus status, Guid id, long version) =>
        new(line.Line, line.Product.Key, status, id, version, Removed: line.Product.Texts.Removed);

    public static BulkLine Rejected(long line, string? key, Rejection why) =>
        new(
            line,
            key,
            BulkStatus.Rejected,
            Code: why.Code,
            Title: why.Message,
            Detail: why.Detail,
            Errors: why.Errors is { Count: > MostErrors } many
                ? many.Take(MostErrors).ToDictionary(error => error.Key, error => error.Value, StringComparer.Ordinal)
                : why.Errors
        );
}

/// <summary>The last line of an answer: that it is whole, and its sum.</summary>
/// <param name="Lines">Lines that were read.</param>
/// <param name="Position">The journal position that the last write reached; absent where nothing was written.</param>
sealed record BulkEnd(long Lines, long Created, long Updated, long Unchanged, long Rejected, string? Position)
{
    public static readonly BulkEnd Nothing = new(0, 0, 0, 0, 0, null);

    public BulkEnd With(BulkLine line) =>
        line.Status switch
        {
            BulkStatus.Created => this with { Created = Created + 1 },
            BulkStatus.Updated => this with { Updated = Updated + 1 },
            BulkStatus.Unchanged => this with { Unchanged = Unchanged + 1 },
            _ => this with { Rejected = Rejected + 1 },
        };
}

/// <summary>A line that could be read: a product as a request to create it has it.</summary>
sealed record WantedLine(long Line, CreateProduct.Request Wanted, Product Product, int Bytes) : IReadLine
{
    public string About => Product.Key;
}
