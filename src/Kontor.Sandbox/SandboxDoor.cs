using System.Text.Json;
using Kontor.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Kontor.Sandbox;

/// <summary>What the sandbox answers, and to whom.</summary>
static class SandboxDoor
{
    const int MaxKey = 200;
    const int MaxPage = 1_000;

    /// <summary>An authorisation as it is answered.</summary>
    sealed record View(string Key, State State, string Reference, long Amount, string Currency)
    {
        public static View Of(Authorisation standing) =>
            new(standing.Key, standing.State, standing.Reference, standing.Amount, standing.Currency);
    }

    /// <summary>A page of the books.</summary>
    /// <param name="Next">What <c>after</c> is for the next page; null on the last.</param>
    sealed record BooksView(IReadOnlyList<Authorisation> Authorisations, int? Next);

    public static void Use(WebApplication app, Secret secret)
    {
        app.Use(
            (http, next) =>
                secret.IsBorneBy(http.Request.Headers.Authorization)
                    ? next(http)
                    : Refuse(Rejections.SecretRequired).ExecuteAsync(http)
        );
        app.MapPost("/v1/authorisations", Authorise);
        app.MapGet(
            "/v1/authorisations/{key}",
            (string key, Books books) =>
                books.Find(key) is { } standing ? Ok(View.Of(standing)) : Refuse(Rejections.AuthorisationNotFound)
        );
        app.MapPost("/v1/authorisations/{key}/cancel", (string key, Books books) => Ok(View.Of(books.Cancel(key))));
        app.MapPost(
            "/v1/authorisations/{key}/confirm",
            (string key, Books books) => Answer(books.Answer(key, State.Authorised))
        );
        app.MapPost(
            "/v1/authorisations/{key}/decline",
            (string key, Books books) => Answer(books.Answer(key, State.Declined))
        );
        app.MapGet("/v1/books", Read);
        app.MapPost("/v1/schedule", Follow);
    }

    static async Task<IResult> Authorise(
        HttpContext http,
        Books books,
        Conduct conduct,
        TimeProvider clock,
        IHostApplicationLifetime life
    )
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        if (await Body<Wanted>(http) is not { } wanted || !IsSound(wanted))
            return Refuse(Rejections.RequestInvalid);
        var mishap = conduct.Next(wanted);
        if (mishap?.Does == Mishap.DropBefore)
            return Drop(http);
        if (!books.Authorise(wanted).Is(out var booked, out var refused))
            return Refuse(refused);
        switch (mishap?.Does)
        {
            case Mishap.DropAfter:
                return Drop(http);
            case Mishap.FailAfter:
                return Results.StatusCode(StatusCodes.Status500InternalServerError);
            case Mishap.Silence:
                return await BeSilent(http, gone.Token);
            case Mishap.Delay:
                await Wait(TimeSpan.FromMilliseconds(mishap.DelayMs), clock, gone.Token);
                break;
        }
        if (wanted.Token == Tokens.Timeout && booked.Asked == 1)
            return await BeSilent(http, gone.Token);
        if (wanted.Token == Tokens.Late)
            await Wait(booked.BookedAt + Tokens.Lateness - clock.GetUtcNow(), clock, gone.Token);
        return Ok(View.Of(books.Find(wanted.Key)!)); // It may have been cancelled meanwhile.
    }

    static IResult Read(Books books, int after = 0, int limit = MaxPage)
    {
        if (after < 0 || limit is < 1 or > MaxPage)
            return Refuse(Rejections.RequestInvalid);
        var page = books.Page(after, limit);
        return Ok(new BooksView(page, page.Count == limit ? after + limit : null));
    }

    static async Task<IResult> Follow(HttpContext http, Conduct conduct)
    {
        if (await Body<Schedule>(http) is not { } wanted)
            return Refuse(Rejections.RequestInvalid);
        if (!wanted.Checked().Is(out var schedule, out var refused))
            return Refuse(refused);
        conduct.Follow(schedule);
        return Ok(schedule);
    }

    static IResult Answer(Result<Authorisation> result) =>
        result.Is(out var standing, out var refused) ? Ok(View.Of(standing)) : Refuse(refused);

    static bool IsSound(Wanted wanted) =>
        wanted.Key is { Length: > 0 and <= MaxKey }
        && wanted.Amount >= 0
        && Currencies.Exists(wanted.Currency)
        && wanted.Token is not null
        && (
            wanted.Callbacks is null
            || (Uri.TryCreate(wanted.Callbacks, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        );

    static IResult Drop(HttpContext http)
    {
        http.Abort();
        return Results.Empty;
    }

    /// <summary>Until the caller leaves, or the sandbox stops.</summary>
    static async Task<IResult> BeSilent(HttpContext http, CancellationToken gone)
    {
        await Wait(Timeout.InfiniteTimeSpan, TimeProvider.System, gone);
        return Drop(http);
    }

    static async Task Wait(TimeSpan time, TimeProvider clock, CancellationToken gone)
    {
        if (time > TimeSpan.Zero || time == Timeout.InfiniteTimeSpan)
            await Task.Delay(time, clock, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Null where the body is not what is wanted here.</summary>
    static async Task<T?> Body<T>(HttpContext http)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, KontorJson.Options, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static IResult Ok<T>(T body) => Results.Json(body, KontorJson.Options);

    static IResult Refuse(Rejection rejection) =>
        Results.Json(
            new
            {
                rejection.Code,
                rejection.Message,
                rejection.Detail,
            },
            KontorJson.Options,
            statusCode: rejection.Status
        );
}
