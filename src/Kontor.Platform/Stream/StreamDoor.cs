using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Platform.Stream;

/// <summary>The ordered public stream at <c>/api/v1/stream</c>; its contract is docs/reference/stream.md.</summary>
public static class StreamDoor
{
    const string Prefix = "Bearer ";
    const string AccessSecret =
        "an access token with stream:read and each topic's read scope, in the header or the first frame";

    /// <summary>Needs <see cref="AccessDoor.AddAccess"/> and every service's database registered as
    /// <see cref="Data.ServiceDatabase"/>.</summary>
    public static IServiceCollection AddStream(this IServiceCollection services)
    {
        services.AddOptions<StreamOptions>().BindConfiguration(StreamOptions.Section);
        services.AddSingleton<LiveFeeds>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeeds>());
        return services;
    }

    public static void MapStream(this IEndpointRouteBuilder routes)
    {
        var stream = routes.MapApi("");
        stream
            .MapGet("/stream", Handle)
            .WithName("stream")
            .WithSummary("Streams the events of whole topics in order: WebSocket text frames, or Server-Sent Events")
            .WithTags("Stream")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .Refuses(
                Refusals.ValidationFailed,
                Refusals.Unauthenticated,
                Refusals.Forbidden,
                StreamRejections.UnknownTopic,
                StreamRejections.InvalidPosition,
                StreamRejections.PositionNotReached,
                StreamRejections.StreamFull
            )
            .HeldBy(AccessSecret);
        // A WebSocket over HTTP/2 is asked for by CONNECT (RFC 8441).
        stream.MapMethods("/stream", [HttpMethods.Connect], Handle).ExcludeFromDescription().HeldBy(AccessSecret);
    }

    /// <remarks>Origin is not checked: the token is no cookie, so a foreign page has nothing that a browser would send
    /// along for it.</remarks>
    static async Task Handle(HttpContext http, string? topics, string? after, LiveFeeds feeds, KnownTokens tokens)
    {
        var isSocket = http.WebSockets.IsWebSocketRequest;
        var resumed = http.Request.Headers["Last-Event-ID"].ToString();
        if (!Wanted.Of(topics, resumed.Length > 0 ? resumed : after, feeds).Is(out var wanted, out var refused))
        {
            await Problems.Write(http, refused);
            return;
        }

        using var admission = feeds.Admit(isSocket ? "websocket" : "sse");
        if (admission is null)
        {
            await Problems.Write(http, StreamRejections.StreamFull);
            return;
        }
        if (isSocket && http.Request.Headers.Authorization.Count == 0)
        {
            await SocketVisit.WithTokenToCome(http, feeds, wanted, tokens);
            return;
        }

        var caller = await CallerOf(http, tokens);
        if (caller is null)
            await http.ChallengeAsync(KontorBearer.Name);
        else if (wanted.Refuse(caller) is { } forbidden)
            await Problems.Write(http, forbidden);
        else if (!(await wanted.Sit(feeds.Options.NumberedWithin, http.RequestAborted)).Is(out var seats, out refused))
            await Problems.Write(http, refused);
        else if (isSocket)
            await SocketVisit.WithToken(http, feeds, seats, caller);
        else
            await EventSourceVisit(http, feeds, seats, caller);
    }

    static async ValueTask<VerifiedToken?> CallerOf(HttpContext http, KnownTokens tokens) =>
        http.Request.Headers.Authorization is [{ } header]
        && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? await tokens.Find(header[Prefix.Length..].Trim(), http.RequestAborted)
            : null;

    static async Task EventSourceVisit(
        HttpContext http,
        LiveFeeds feeds,
        IReadOnlyList<Seat> seats,
        VerifiedToken caller
    )
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, feeds.Cut);
        var client = new Client(feeds, seats, new EventSourceOutlet(http, feeds.Options.WriteWithin), caller.Until);
        try
        {
            await client.Say(await client.Run(gone.Token), gone.Token);
        }
        catch (Exception lost) when (lost is OperationCanceledException or IOException or TimeoutException)
        {
            // The client went away, or took nothing for too long. It resumes when it comes back.
            http.Abort();
        }
    }
}
