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

    /// <summary>Everything that Kontor's answer says of a product, in as few words as SQL has for it: whether it is shown,
    /// what it stands in, and of its variants the price that wins for everybody and whether any are there.</summary>
    const string Product = """
        select p.id, p.key, p.type, p.title, p.slug, p.description, p.version, p.created_at, p.updated_at,
            v.id, v.sku, coalesce(r.amount, b.amount), b.currency, coalesce(s.free > 0, false), t.version,
            array(
                select c.key from product_categories pc join categories c on c.id = pc.category
                where pc.product = p.id order by c.key
            ),
            (select count(*) from product_media m where m.product = p.id), count(*) over ()
        from products p join product_types t on t.key = p.type join variants v on v.product = p.id
            left join prices b on b.variant = v.id
            left join lateral (
                select r.amount from price_rows r left join price_lists l on l.key = r.price_list
                where r.variant = v.id and r.currency = b.currency and r.min_quantity <= 1
                    and r.country is null and r.channel is null and r.customer_group is null
                    and l.channel is null and l.customer_group is null
                    and coalesce(greatest(r.valid_from, l.valid_from) <= now(), true)
                    and coalesce(least(r.valid_until, l.valid_until) > now(), true)
                order by r.rank desc limit 1
            ) r on true
            left join lateral (
                select max(k.on_hand - k.safety_stock - k.reserved) as free
                from stock k join locations l on l.key = k.location where k.variant = v.id and l.active
            ) s on true
        where p.slug = $1 and p.deleted_at is null and p.state = 'published' and p.everywhere
            and coalesce(p.publish_from <= now(), true) and coalesce(p.publish_until > now(), true)
        order by v.position, v.id limit 100
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
        json.WriteNumber("typeVersion", row.GetInt64(14));
        json.WriteStartArray("categories");
        foreach (var category in row.GetFieldValue<string[]>(15))
            json.WriteStringValue(category);
        json.WriteEndArray();
        json.WriteNumber("mediaCount", row.GetInt64(16));
        json.WriteNumber("variantCount", row.GetInt64(17));
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
