using Kontor.Kernel;

namespace Kontor.Identity;

/// <summary>The refusals of the user service.</summary>
static class Rejections
{
    public static readonly Rejection ClientNameInvalid = new(
        "CLIENT_NAME_INVALID",
        400,
        "A client's name is 1 to 100 characters without control characters, and not only spaces."
    );
    public static readonly Rejection ScopeUnknown = new(
        "SCOPE_UNKNOWN",
        400,
        "A client needs at least one scope, each one of those that exist."
    );
    public static readonly Rejection ClientNotFound = new("CLIENT_NOT_FOUND", 404, "There is no such API client.");
}
