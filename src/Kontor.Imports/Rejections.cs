using Kontor.Kernel;

namespace Kontor.Imports;

/// <summary>Every refusal of mappings and feeds as a whole. Codes are never reused or reworded.</summary>
public static class Rejections
{
    public static readonly Rejection MappingInvalid = new(
        "MAPPING_INVALID",
        422,
        "The mapping has members that are not allowed; see errors."
    );
    public static readonly Rejection FileNotMapped = new(
        "FILE_NOT_MAPPED",
        422,
        "No file of the mapping has a name pattern that fits this file."
    );
}
