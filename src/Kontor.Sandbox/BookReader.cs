using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kontor.Kernel;

namespace Kontor.Sandbox;

/// <summary>What the sandbox's books say of a key.</summary>
/// <param name="State">authorised, declined, challenged or cancelled.</param>
/// <param name="Amount">In minor units.</param>
public sealed record Booking(string Key, string State, long Amount, string Currency, string Reference);

/// <summary>Reads the books from outside, to hold them against what a merchant believes.</summary>
public static class BookReader
{
    const int PageSize = 1_000;

    /// <summary>From the file, whether or not a sandbox has it open now.</summary>
    public static async Task<IReadOnlyList<Booking>> FromFile(string folder, CancellationToken stop)
    {
        var books = new Dictionary<string, Authorisation>(StringComparer.Ordinal);
        await using var file = new FileStream(
            SandboxServer.BooksIn(folder),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        );
        using var lines = new StreamReader(file);
        while (await lines.ReadLineAsync(stop) is { } line)
            if (Read(line) is { } entry)
                books[entry.Key] = Authorisation.Apply(books.GetValueOrDefault(entry.Key), entry);
        return [.. books.Values.Select(Of)];
    }

    /// <summary>From a sandbox that runs.</summary>
    /// <param name="secret">What its file says.</param>
    public static async Task<IReadOnlyList<Booking>> FromServer(Uri url, string secret, CancellationToken stop)
    {
        // The secret is for the sandbox alone: no proxy, no other address.
        using var straight = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var http = new HttpClient(straight) { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        var books = new List<Booking>();
        for (int? after = 0; after is { } place; )
        {
            var path = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"v1/books?after={place}&limit={PageSize}"
            );
            var page = await http.GetFromJsonAsync<Page>(path, JsonSerializerOptions.Web, stop);
            books.AddRange(page?.Authorisations ?? []);
            after = page?.Next;
        }
        return books;
    }

    static Booking Of(Authorisation standing) =>
        new(
            standing.Key,
            JsonNamingPolicy.CamelCase.ConvertName(standing.State.ToString()),
            standing.Amount,
            standing.Currency,
            standing.Reference
        );

    /// <summary>Null of the half line that is just being written.</summary>
    static Entry? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, KontorJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    sealed record Page(IReadOnlyList<Booking> Authorisations, int? Next);
}
