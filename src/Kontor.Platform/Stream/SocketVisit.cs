using System.Net.WebSockets;
using System.Text.Json;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Kontor.Platform.Stream;

/// <summary>A WebSocket client from its handshake to its close.</summary>
sealed class SocketVisit(LiveFeeds feeds, SocketOutlet outlet, CancellationToken gone)
{
    sealed record FirstFrame(string Token);

    public static Task WithToken(HttpContext http, LiveFeeds feeds, IReadOnlyList<Seat> seats, VerifiedToken caller) =>
        Meet(http, feeds, visit => visit.Serve(seats, caller));

    /// <summary>The client has no Authorization header (a browser cannot set one); it says its token first.</summary>
    public static Task WithTokenToCome(HttpContext http, LiveFeeds feeds, Wanted wanted, KnownTokens tokens) =>
        Meet(http, feeds, visit => visit.Introduce(wanted, tokens));

    static async Task Meet(HttpContext http, LiveFeeds feeds, Func<SocketVisit, Task> visit)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, feeds.Cut);
        using var outlet = await SocketOutlet.Accept(http, feeds.Options.WriteWithin);
        try
        {
            await visit(new(feeds, outlet, gone.Token));
        }
        catch (Exception lost)
            when (lost is OperationCanceledException or IOException or TimeoutException or WebSocketException)
        {
            // The client went away, or took nothing for too long. It resumes when it comes back.
            http.Abort();
        }
    }

    async Task Introduce(Wanted wanted, KnownTokens tokens)
    {
        var receiving = outlet.Receive();
        if (!await Came(receiving))
        {
            await Refuse(Ending.NoToken, receiving);
            return;
        }
        var first = await receiving;
        if (first.Ending is { } over)
        {
            await Refuse(over, receiving);
            return;
        }

        var caller = TokenIn(first.Text!) is { } token ? await tokens.Find(token, gone) : null;
        var refused = caller is null ? Refusals.Unauthenticated : wanted.Refuse(caller);
        IReadOnlyList<Seat>? seats = null;
        if (refused is null)
            (await Sit(wanted)).Is(out seats, out refused);
        if (refused is not null)
            await Refuse(Ending.Of(refused), receiving);
        else
            await Serve(seats!, caller!);
    }

    async Task<bool> Came(Task receiving)
    {
        try
        {
            await receiving.WaitAsync(feeds.Options.TokenWithin, gone);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    async Task<Result<IReadOnlyList<Seat>>> Sit(Wanted wanted)
    {
        try
        {
            return await wanted.Sit(feeds.Options.NumberedWithin, gone);
        }
        catch (NpgsqlException)
        {
            // After the upgrade the door can no longer answer 503.
            return Refusals.DatabaseUnavailable;
        }
    }

    async Task Serve(IReadOnlyList<Seat> seats, VerifiedToken caller)
    {
        var client = new Client(feeds, seats, outlet, caller.Until);
        var listening = Listen(client);
        await End(client, await client.Run(gone), listening);
    }

    /// <summary>Hears the close; anything else that a client says after its token ends the connection.</summary>
    async Task Listen(Client client)
    {
        try
        {
            client.End((await outlet.Receive()).Ending ?? Ending.NothingToSay);
        }
        catch (Exception lost)
            when (lost is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            client.End(Ending.Left);
        }
    }

    Task Refuse(Ending ending, Task receiving) =>
        End(new Client(feeds, [], outlet, DateTimeOffset.MaxValue), ending, receiving);

    async Task End(Client client, Ending ending, Task receiving)
    {
        if (ending != Ending.Left)
            await client.Say(ending, gone);
        await outlet.Close(ending, receiving, gone);
    }

    static string? TokenIn(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<FirstFrame>(text, KontorJson.Options)?.Token;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
