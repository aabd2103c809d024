using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kontor.Bench.Limits;

/// <summary>The least that a web server can do: ready bytes, one plain query, one plain write. What Kontor adds to that is
/// Kontor's.</summary>
static class BareServer
{
    const int Connections = 16;

    /// <summary>Everything that Kontor's answer says of a product, in as few words as SQL has for it.</summary>
    const string Product = """
        select p.id, p.key, p.type, p.title, p.slug, p.description, p.version, p.created_at, p.updated_at,
            v.id, v.sku, r.amount, r.currency, s.on_hand > s.reserved
        from products p join variants v on v.product = p.id
            left join prices r on r.variant = v.id left join stock s on s.variant = v.id
        where p.slug = $1
        """;

    /// <summary>Serves until its standard input ends, which it does with whoever started it.</summary>
    public static async Task<int> Serve(string connection, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            SearchPath = "catalog",
            MaxAutoPrepare = 16,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = Connections,
            NoResetOnClose = true,
        };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        MapBytes(app);
        MapQuery(app, source);
        MapWrite(app, source);
        await app.StartAsync(stop);
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync(stop);
        await app.StopAsync(CancellationToken.None);
        return 0;
    }

    static void MapBytes(WebApplication app)
    {
        var kept = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        app.MapPut(
            "/bytes/{name}",
            async (HttpContext http) =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body, http.RequestAborted);
                kept[(string)http.GetRouteValue("name")!] = body.ToArray();
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );
        RequestDelegate write = http =>
        {
            var body = kept[(string)http.GetRouteValue("name")!];
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
        };
        app.MapGet("/bytes/{name}", write);
    }

    static void MapQuery(WebApplication app, NpgsqlDataSource source)
    {
        RequestDelegate query = async http =>
        {
            await using var find = source.CreateCommand(Product);
            find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = (string)http.GetRouteValue("slug")! });
            await using var row = await find.ExecuteReaderAsync(http.RequestAborted);
            await row.ReadAsync(http.RequestAborted);
            http.Response.ContentType = "application/json; charset=utf-8";
            await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
            Write(json, row);
            http.Response.ContentLength = json.BytesPending + json.BytesCommitted;
            await json.FlushAsync(http.RequestAborted);
        };
        app.MapGet("/product/{slug}", query);
    }

    static void Write(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.GetGuid(0));
        json.WriteString("key", row.GetString(1));
        json.WriteString("type", row.GetString(2));
        json.WriteString("title", row.GetString(3));
        json.WriteString("slug", row.GetString(4));
        json.WriteString("description", row.GetString(5));
        json.WriteNumber("version", row.GetInt64(6));
        json.WriteString("createdAt", row.GetDateTime(7));
        json.WriteString("updatedAt", row.GetDateTime(8));
        json.WriteString("variant", row.GetGuid(9));
        json.WriteString("sku", row.GetString(10));
        json.WriteNumber("amount", row.GetInt64(11));
        json.WriteString("currency", row.GetString(12));
        json.WriteBoolean("inStock", row.GetBoolean(13));
        json.WriteEndObject();
    }

    static void MapWrite(WebApplication app, NpgsqlDataSource source)
    {
        RequestDelegate write = async http =>
        {
            await using var insert = source.CreateCommand("insert into public.bench_writes (note) values ($1)");
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "one row, one commit" });
            await insert.ExecuteNonQueryAsync(http.RequestAborted);
            http.Response.ContentLength = 0;
        };
        app.MapPost("/write", write);
    }
}
