using Kontor.Kernel;

namespace Kontor.Catalog;

/// <content>Of pictures.</content>
public static partial class Rejections
{
    public static readonly Rejection MediaNotFound = new("MEDIA_NOT_FOUND", 404, "There is no such picture.");
    public static readonly Rejection MediaUnreadable = new(
        "MEDIA_UNREADABLE",
        422,
        "This is no picture that can be read to its end; send JPEG, PNG, WebP or GIF."
    );
    public static readonly Rejection MediaTooLarge = new(
        "MEDIA_TOO_LARGE",
        422,
        "The picture has too many pixels: at most 40 million, and 16,000 on a side; make it smaller."
    );
    public static readonly Rejection MediaStoreUnavailable = new(
        "MEDIA_STORE_UNAVAILABLE",
        503,
        "The store of pictures cannot be reached at the moment; no picture was changed. Try again."
    )
    {
        RetryAfterSeconds = 5,
    };
    public static readonly Rejection MediaInUse = new(
        "MEDIA_IN_USE",
        409,
        "Products show this picture; take it from them first."
    );
    public static readonly Rejection UnknownMedia = new(
        "UNKNOWN_MEDIA",
        422,
        "A picture that the request names does not exist; upload it first."
    );
}
