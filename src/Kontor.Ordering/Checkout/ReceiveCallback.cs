using System.Globalization;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Ordering.Payments;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Ordering.Checkout;

/// <summary>Takes what the sandbox provider tells of a payment, signed by Standard Webhooks 1.0.</summary>
/// <remarks>No Idempotency-Key: a provider sends none, and none is needed. The callback is a hint that names a payment's
/// key; the attempt behind it goes by the provider's books and by compare-and-set, so that the same hint again, replayed
/// or at once, finds nothing left to do. The signature is checked over the bytes as they came, before anything reads
/// them, which is why the body is no parameter here.</remarks>
static class ReceiveCallback
{
    const int MaxBytes = 64 * 1024;
    static readonly TimeSpan Leeway = TimeSpan.FromMinutes(5);

    /// <param name="Status">The order's, after the callback was followed.</param>
    public sealed record View(string Status);

    /// <summary>The members that are looked at; a provider may send others.</summary>
    internal sealed record Told(string Key, long Amount, string Currency);

    public static void Map(IEndpointRouteBuilder payments) =>
        payments
            .MapPost("/sandbox/callbacks", Handle)
            .WithName("receiveSandboxCallback")
            .WithSummary("Takes what the sandbox provider tells of a payment; 202 where the attempt is not settled yet")
            .WithMetadata(new RouteClass(RouteClass.Callback))
            .HeldBy("the provider's signature")
            .Answers(StatusCodes.Status200OK, StatusCodes.Status202Accepted)
            .Refuses(
                Rejections.CallbackNotSigned,
                Rejections.CallbackStale,
                Rejections.PaymentNotFound,
                Rejections.PaymentMismatch,
                Rejections.PaymentUnavailable,
                Refusals.MalformedBody,
                Refusals.BodyTooLarge
            );

    static async Task<Reply<View>> Handle(
        HttpContext http,
        [FromServices] SandboxAccount? account,
        Hints hints,
        CancellationToken stop
    )
    {
        if (await Body(http.Request, stop) is not { } body)
            return Refusals.BodyTooLarge;
        if (
            !Judge(http.Request.Headers, body, account?.Secret, http.Clock.GetUtcNow())
                .Is(out var hint, out var refused)
        )
            return refused;
        FaultPoint.Pass("checkout.callback.received");
        if (!(await hints.Follow(hint, stop)).Is(out var status, out refused))
            return refused;
        var isSettled = status is "placed" or "rejected";
        return Reply<View>.Of(new(status), isSettled ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    /// <summary>Whether it is the provider who says this, and now; then what it is about.</summary>
    internal static Result<Hint> Judge(IHeaderDictionary headers, byte[] body, string? secret, DateTimeOffset now)
    {
        var timestamp = headers[WebhookSignature.TimestampHeader].ToString();
        if (
            secret is null
            || !WebhookSignature.Verify(
                secret,
                headers[WebhookSignature.IdHeader].ToString(),
                timestamp,
                body,
                headers[WebhookSignature.SignatureHeader].ToString()
            )
        )
            return Rejections.CallbackNotSigned;
        if (
            !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Leeway.TotalSeconds
        )
            return Rejections.CallbackStale;
        return Read(body) is { Key: not null, Currency: not null } told && Currencies.Exists(told.Currency)
            ? new Hint(told.Key, new Money(told.Amount, told.Currency))
            : Refusals.MalformedBody.Because("The body names no key, amount and currency.");
    }

    static Told? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Told>(body, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null where it is longer than any callback.</summary>
    static async Task<byte[]?> Body(HttpRequest request, CancellationToken stop)
    {
        var body = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, stop);
        return length > MaxBytes ? null : body[..length];
    }
}
