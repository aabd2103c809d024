using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>Every refusal of the sandbox provider.</summary>
static class Rejections
{
    public static readonly Rejection SecretRequired = new(
        "SANDBOX_SECRET_REQUIRED",
        401,
        "The sandbox's secret is needed as a bearer token in the Authorization header."
    );
    public static readonly Rejection RequestInvalid = new(
        "SANDBOX_REQUEST_INVALID",
        400,
        "The sandbox cannot read this request."
    );
    public static readonly Rejection AuthorisationNotFound = new(
        "AUTHORISATION_NOT_FOUND",
        404,
        "The sandbox's books do not have this key."
    );
    public static readonly Rejection KeyUsedOtherwise = new(
        "AUTHORISATION_KEY_REUSED",
        409,
        "This key stands for another amount or currency."
    );
    public static readonly Rejection NotChallenged = new(
        "AUTHORISATION_NOT_CHALLENGED",
        409,
        "The authorisation does not wait for the buyer."
    );
    public static readonly Rejection TokenUnknown = new(
        "SANDBOX_TOKEN_UNKNOWN",
        422,
        "The sandbox does not know this token."
    );
}
