using Kontor.Kernel;

namespace Kontor.Catalog;

/// <summary>What imports are refused for.</summary>
public static partial class Rejections
{
    public static readonly Rejection ImportNotFound = new("IMPORT_NOT_FOUND", 404, "There is no such import.");
    public static readonly Rejection ImportMappingInvalid = new(
        "IMPORT_MAPPING_INVALID",
        400,
        "The mapping cannot be used; see docs/reference/imports.md."
    );
    public static readonly Rejection ImportStateDiffers = new(
        "IMPORT_STATE_DIFFERS",
        409,
        "The import is in a state in which this cannot be done; look at it, and at its state."
    );
    public static readonly Rejection ImportFileTooLarge = new(
        "IMPORT_FILE_TOO_LARGE",
        413,
        "A file of an import has at most 2 GiB, as it is sent; pack it, or send it in parts."
    );
    public static readonly Rejection ImportTooManyParts = new(
        "IMPORT_TOO_MANY_PARTS",
        422,
        "Too many rows speak of one product; the mapping may take the wrong field for the key."
    );
    public static readonly Rejection ImportProductIncomplete = new(
        "IMPORT_PRODUCT_INCOMPLETE",
        422,
        "The rows of this product do not say all that a product needs; a file that is joined may not know it."
    );
    public static readonly Rejection ImportProductShared = new(
        "IMPORT_PRODUCT_SHARED",
        409,
        "Another supplier delivers this product too: it is left as it is."
    );
    public static readonly Rejection ExportTooWide = new(
        "EXPORT_TOO_WIDE",
        422,
        "The product types have more attributes than a table has columns; export one type, or as ndjson."
    );
    public static readonly Rejection ImportNotFetched = new(
        "IMPORT_NOT_FETCHED",
        422,
        "The file could not be fetched; look at its address."
    );
    public static readonly Rejection ScheduleNotFound = new(
        "SCHEDULE_NOT_FOUND",
        404,
        "There is no such schedule of imports."
    );
    public static readonly Rejection SchedulesFull = new(
        "SCHEDULES_FULL",
        409,
        "There are 1,000 schedules of imports already; remove those that are not needed."
    );
}
