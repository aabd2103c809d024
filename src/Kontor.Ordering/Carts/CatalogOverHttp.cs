using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Http;
using Kontor.Platform.Neighbours;
using Microsoft.Extensions.Logging;

namespace Kontor.Ordering.Carts;

/// <summary>Asks a catalogue that runs in another process, by its API. What it cannot say in time is a
/// <see cref="NeighbourAwayException"/>, as of any side that is not there.</summary>
/// <remarks>Every call may be repeated: offers are read, and a reservation has its id.</remarks>
sealed partial class CatalogOverHttp(IHttpClientFactory clients, ILogger<CatalogOverHttp> log) : ICatalog
{
    const string Catalog = "catalog";

    /// <summary>As many SKUs as one question may hold.</summary>
    const int Together = 500;

    public async Task<IReadOnlyDictionary<string, Offer>> Offers(OfferQuestion question, CancellationToken stop)
    {
        var offers = new Dictionary<string, Offer>(StringComparer.Ordinal);
        foreach (var some in question.Wishes.Chunk(Together))
        foreach (var offer in await Ask(question with { Wishes = some }, stop))
            offers[offer.Sku] = offer.Read();
        return offers;
    }

    /// <summary>A catalogue of the version before takes SKUs and the currency only. It has no prices that the rest would
    /// decide upon, so it is asked again without.</summary>
    async Task<IReadOnlyList<Told>> Ask(OfferQuestion question, CancellationToken stop)
    {
        var plain = new OffersAsked([.. question.Wishes.Select(wish => wish.Sku)], question.Currency);
        var asked = plain with
        {
            Quantities = question.Wishes.Any(wish => wish.Quantity > 1)
                ? [.. question.Wishes.Select(wish => wish.Quantity)]
                : null,
            Country = question.Country,
            Channel = question.Channel,
            CustomerGroup = question.CustomerGroup,
        };
        using var answer = await Send(HttpMethod.Post, "offers", asked, stop);
        if (answer.StatusCode != HttpStatusCode.BadRequest || asked == plain)
            return (await Read<OffersAnswer>(answer, stop)).Offers;
        if ((await Problem(answer, stop)).Code is not "MALFORMED_BODY" and var code)
            throw Unexpected(answer, code);
        using var again = await Send(HttpMethod.Post, "offers", plain, stop);
        return (await Read<OffersAnswer>(again, stop)).Offers;
    }

    public async Task<ReservationOutcome> Reserve(Reservation wanted, CancellationToken stop)
    {
        // The usual is left unsaid: a catalogue of the version before this one refuses a member that it does not know.
        var split = wanted.Split == "lines" ? null : wanted.Split;
        var body = new
        {
            lines = wanted.Lines,
            expiresAt = wanted.ExpiresAt,
            split,
        };
        using var answer = await Send(HttpMethod.Put, $"reservations/{wanted.Id}", body, stop);
        if (answer.StatusCode != HttpStatusCode.Conflict)
        {
            await Read<JsonElement>(answer, stop);
            return new(Held: true, Missing: []);
        }
        var problem = await Problem(answer, stop);
        return problem.Code switch
        {
            "STOCK_SHORT" => new(Held: false, [.. problem.Errors?.Keys.Select(SkuOf) ?? []]),
            "RESERVATION_ENDED" => new(Held: false, [], Released: true),
            _ => throw Unexpected(answer, problem.Code),
        };
    }

    public async Task Release(Guid reservation, CancellationToken stop)
    {
        using var answer = await Send(HttpMethod.Delete, $"reservations/{reservation}", null, stop);
        if (!answer.IsSuccessStatusCode)
            throw Unexpected(answer, null);
    }

    async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var http = clients.CreateClient(Catalog);
        using var request = new HttpRequestMessage(method, $"api/v1/{path}");
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: KontorJson.Options);
        var answer = await http.SendAsync(request, stop);
        if ((int)answer.StatusCode < 500 && !IsOperatorsAffair(answer))
            return answer;
        var status = (int)answer.StatusCode;
        answer.Dispose();
        if (status < 500)
            LogNotOurs(status, path);
        throw new NeighbourAwayException(Catalog);
    }

    /// <summary>No token, not the scopes, not a catalogue at all, or too many calls: a buyer is told that it does not answer,
    /// the operator what is wrong, and it goes on by itself once that is mended.</summary>
    static bool IsOperatorsAffair(HttpResponseMessage answer) =>
        answer.StatusCode
            is HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.NotFound
                or HttpStatusCode.MethodNotAllowed
                or HttpStatusCode.TooManyRequests;

    static async Task<T> Read<T>(HttpResponseMessage answer, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
            throw Unexpected(answer, (await Problem(answer, stop)).Code);
        var envelope = await answer.Content.ReadFromJsonAsync<Envelope<T>>(KontorJson.Tolerant, stop);
        return envelope is null ? throw Unexpected(answer, null) : envelope.Data;
    }

    static async Task<Refused> Problem(HttpResponseMessage answer, CancellationToken stop) =>
        answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
        && await answer.Content.ReadFromJsonAsync<Refused>(JsonSerializerOptions.Web, stop) is { } refused
            ? refused
            : new(null, null);

    /// <summary>A bug, or a client without the scopes that it needs: never a buyer's affair.</summary>
    static InvalidOperationException Unexpected(HttpResponseMessage answer, string? code) =>
        new(
            $"Catalog answered {(int)answer.StatusCode} {code} to {answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath}."
        );

    static string SkuOf(string field) => field["lines.".Length..];

    [LoggerMessage(
        1,
        LogLevel.Error,
        "Catalog answered {Status} to {Path}: look at Services:Catalog:Url, and whether the client of Services:CredentialsFile has catalog:read and catalog:reserve"
    )]
    partial void LogNotOurs(int status, string path);

    sealed record OffersAsked(
        IReadOnlyList<string> Skus,
        string Currency,
        IReadOnlyList<int>? Quantities = null,
        string? Country = null,
        string? Channel = null,
        string? CustomerGroup = null
    );

    sealed record OffersAnswer(IReadOnlyList<Told> Offers);

    /// <summary>An offer on the line, where a price that is not there is left out.</summary>
    sealed record Told(
        string Sku,
        Guid Product,
        string Title,
        string Slug,
        string Availability,
        Money? Price = null,
        Money? CompareAt = null
    )
    {
        public Offer Read() => new(Sku, Product, Title, Slug, Price, Availability, CompareAt);
    }

    sealed record Refused(string? Code, IReadOnlyDictionary<string, string[]>? Errors);
}
