using Kontor.Kernel;

namespace Kontor.Platform.Http;

/// <summary>The refusals of the door itself, the same for every service.</summary>
public static class Refusals
{
    public static readonly Rejection ValidationFailed = new(
        "VALIDATION_FAILED",
        400,
        "The request has values that are not allowed; see errors."
    );
    public static readonly Rejection MalformedBody = new(
        "MALFORMED_BODY",
        400,
        "The body is not the JSON that this request takes."
    );
    public static readonly Rejection BadRequest = new("BAD_REQUEST", 400, "The request cannot be read.");
    public static readonly Rejection UnknownParameter = new(
        "UNKNOWN_PARAMETER",
        400,
        "The query has a parameter that this request does not take."
    );
    public static readonly Rejection InvalidCursor = new(
        "INVALID_CURSOR",
        400,
        "The cursor is not one of this list; start without it."
    );
    public static readonly Rejection PositionMalformed = new(
        "POSITION_MALFORMED",
        400,
        "Kontor-Position is not what writes answer; send it back as it came, those of several services separated by commas."
    );
    public static readonly Rejection InvalidIdempotencyKey = new(
        "INVALID_IDEMPOTENCY_KEY",
        400,
        "Idempotency-Key is 1 to 200 printable ASCII characters; without a token it must be a UUID."
    );
    public static readonly Rejection IdempotencyKeyRequired = new(
        "IDEMPOTENCY_KEY_REQUIRED",
        400,
        "This request moves money or goods: send an Idempotency-Key, and the same one when you repeat it."
    );
    public static readonly Rejection Unauthenticated = new(
        "UNAUTHENTICATED",
        401,
        "A valid access token is needed in the Authorization header."
    );
    public static readonly Rejection Forbidden = new("FORBIDDEN", 403, "The access token does not allow this.");
    public static readonly Rejection RouteNotFound = new("ROUTE_NOT_FOUND", 404, "There is nothing at this address.");
    public static readonly Rejection MethodNotAllowed = new(
        "METHOD_NOT_ALLOWED",
        405,
        "This address does not take that method; see Allow."
    );
    public static readonly Rejection NotAcceptable = new(
        "NOT_ACCEPTABLE",
        406,
        "This address cannot answer in the wanted media type."
    );
    public static readonly Rejection RequestTimeout = new("REQUEST_TIMEOUT", 408, "The request arrived too slowly.");
    public static readonly Rejection RequestInProgress = new(
        "REQUEST_IN_PROGRESS",
        409,
        "A request with this Idempotency-Key is still running; repeat it in a moment."
    )
    {
        RetryAfterSeconds = 1,
    };
    public static readonly Rejection AnswerErased = new(
        "ANSWER_ERASED",
        410,
        "The answer under this Idempotency-Key was about a person who has been erased; what it did stands."
    );
    public static readonly Rejection PreconditionFailed = new(
        "PRECONDITION_FAILED",
        412,
        "The resource has changed since you read it; read it again and decide anew."
    );
    public static readonly Rejection BodyTooLarge = new("BODY_TOO_LARGE", 413, "The body is larger than allowed.");
    public static readonly Rejection UriTooLong = new("URI_TOO_LONG", 414, "The address is longer than allowed.");
    public static readonly Rejection UnsupportedMediaType = new(
        "UNSUPPORTED_MEDIA_TYPE",
        415,
        "Send the body as application/json in UTF-8."
    );
    public static readonly Rejection IdempotencyKeyReused = new(
        "IDEMPOTENCY_KEY_REUSED",
        422,
        "This Idempotency-Key was used for another request; take a new key for a new request."
    );
    public static readonly Rejection PreconditionRequired = new(
        "PRECONDITION_REQUIRED",
        428,
        "Send If-Match with the ETag of the version that you read."
    );
    public static readonly Rejection TooManyRequests = new(
        "TOO_MANY_REQUESTS",
        429,
        "Too many requests; wait as Retry-After says."
    );
    public static readonly Rejection HeadersTooLarge = new(
        "HEADERS_TOO_LARGE",
        431,
        "The request's headers are larger than allowed."
    );
    public static readonly Rejection InternalError = new(
        "INTERNAL_ERROR",
        500,
        "Something broke on our side; it is logged under traceId."
    );
    public static readonly Rejection DatabaseUnavailable = new(
        "DATABASE_UNAVAILABLE",
        503,
        "The database cannot be reached; nothing was changed. Try again."
    )
    {
        RetryAfterSeconds = 1,
    };
    public static readonly Rejection NeighbourUnavailable = new(
        "SERVICE_UNAVAILABLE",
        503,
        "A service that this answer needs cannot be reached at the moment. Try again."
    )
    {
        RetryAfterSeconds = 2,
    };
    public static readonly Rejection OutcomeUnknown = new(
        "OUTCOME_UNKNOWN",
        503,
        "The connection was lost while the change was being committed; repeat it with the same Idempotency-Key to learn the outcome."
    )
    {
        RetryAfterSeconds = 1,
    };
    public static readonly Rejection Busy = new(
        "BUSY",
        503,
        "Too many writers wanted the same thing at once; nothing was changed. Try again."
    )
    {
        RetryAfterSeconds = 1,
    };
}
