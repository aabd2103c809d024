using Kontor.Kernel;

namespace Kontor.Catalog;

/// <summary>What many lines at once are refused for.</summary>
public static partial class Rejections
{
    public static readonly Rejection BulkLineTooLong = new(
        "BULK_LINE_TOO_LONG",
        413,
        "A line has at most 8 MiB; give the product fewer variants or shorter texts."
    );
    public static readonly Rejection BulkTooLong = new(
        "BULK_TOO_LONG",
        413,
        "A request has at most 100,000 lines; what stands from this line on was not read: send it in another request."
    );
}
