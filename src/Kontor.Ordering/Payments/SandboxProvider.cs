using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kontor.Kernel;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kontor.Ordering.Payments;

/// <summary>A provider that takes no real money and behaves as its token says: a client of the sandbox's HTTP API.</summary>
/// <remarks>Who calls says how long they wait. Whatever is not an answer is an <see cref="HttpRequestException"/>: it has
/// told nothing, and the money may have been taken.</remarks>
sealed class SandboxProvider(SandboxAccount account, IServiceProvider services) : IPaymentProvider, IDisposable
{
    const string Authorisations = "v1/authorisations";

    readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false, // The secret is for the sandbox alone.
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }
    )
    {
        BaseAddress = account.Url,
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", account.Secret) },
    };
    string? callbacks = account.Callbacks is { } configured ? At(configured) : null;

    /// <summary>An authorisation as the sandbox answers it; of its members the ones that are read.</summary>
    sealed record Standing(string State, string Reference);

    public string Name => "sandbox";

    public bool Accepts(string token) =>
        token is "tok_approve" or "tok_decline" or "tok_timeout" or "tok_late" or "tok_challenge";

    public async Task<PaymentOutcome> Authorise(PaymentRequest request, CancellationToken stop)
    {
        var wanted = new
        {
            request.Key,
            request.Amount.Amount,
            request.Amount.Currency,
            request.Token,
            Callbacks = callbacks ??= OwnAddress(),
        };
        using var answer = await http.PostAsJsonAsync(Authorisations, wanted, KontorJson.Options, stop);
        return answer.StatusCode == HttpStatusCode.Conflict
            ? throw new InvalidOperationException($"The payment key {request.Key} was used for another amount.")
            : await Read(answer, stop);
    }

    public async Task Cancel(string key, CancellationToken stop)
    {
        using var answer = await http.PostAsync($"{PlaceOf(key)}/cancel", null, stop);
        await Read(answer, stop);
    }

    public async Task<PaymentOutcome> Find(string key, CancellationToken stop)
    {
        using var answer = await http.GetAsync(PlaceOf(key), stop);
        return answer.StatusCode == HttpStatusCode.NotFound ? new PaymentOutcome.Unknown() : await Read(answer, stop);
    }

    public void Dispose() => http.Dispose();

    static async Task<PaymentOutcome> Read(HttpResponseMessage answer, CancellationToken stop)
    {
        answer.EnsureSuccessStatusCode();
        try
        {
            // Another sandbox's version may say more: its other members are nobody's affair here.
            var standing = await answer.Content.ReadFromJsonAsync<Standing>(JsonSerializerOptions.Web, stop);
            return OutcomeOf(standing ?? throw new JsonException("null is no authorisation."));
        }
        catch (JsonException unreadable)
        {
            throw new HttpRequestException("The sandbox's answer cannot be read.", unreadable);
        }
    }

    static PaymentOutcome OutcomeOf(Standing standing) =>
        standing.State switch
        {
            "authorised" => new PaymentOutcome.Authorised(standing.Reference),
            "declined" => new PaymentOutcome.Declined(),
            "challenged" => new PaymentOutcome.Awaiting(standing.Reference),
            "cancelled" => new PaymentOutcome.Cancelled(),
            _ => throw new UnreachableException($"The sandbox's books have no state {standing.State}."),
        };

    static string PlaceOf(string key) => $"{Authorisations}/{Uri.EscapeDataString(key)}";

    static string At(Uri origin) => new Uri(origin, SandboxAccount.CallbackPath).ToString();

    /// <summary>The address that this process listens at; null where it serves nobody.</summary>
    /// <remarks>A worker may be quicker than the door: what it asked for without an address would be told to nobody, so it
    /// is to come again.</remarks>
    string? OwnAddress()
    {
        if (services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>() is not { } listening)
            return null;
        var addresses = listening.Addresses.Select(BindingAddress.Parse).ToList();
        if (addresses.Count == 0 || addresses.Exists(address => IsPort(address) && address.Port == 0))
            throw new HttpRequestException("This process does not listen yet; callbacks would not find it.");
        return addresses
            .Where(IsPort)
            .Select(address => At(new UriBuilder(address.Scheme, Reachable(address.Host), address.Port).Uri))
            .FirstOrDefault();
    }

    static bool IsPort(BindingAddress address) => !address.IsUnixPipe && !address.IsNamedPipe;

    /// <summary>Who listens everywhere is reached here too.</summary>
    static string Reachable(string host) => host is "0.0.0.0" or "[::]" or "*" or "+" ? "127.0.0.1" : host;
}
