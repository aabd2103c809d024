using System.Text.Json;
using Kontor.Platform.Access;

namespace Kontor.Catalog.Tests.Imports.Runs;

/// <summary>Words for feeds whose files a mapping gives a meaning.</summary>
static class Mapped
{
    /// <summary>A mapping of the repository's samples.</summary>
    public static JsonElement Sample(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Samples.Folder, $"{name}.mapping.json"))).RootElement;

    /// <summary>Creates a product type of the samples, unless another test has.</summary>
    public static async Task Type(this Shop shop, string name)
    {
        var type = JsonDocument.Parse(File.ReadAllText(Path.Combine(Samples.Folder, $"{name}.type.json"))).RootElement;
        var answer = await new Caller(shop.Http) { Token = Scopes.CatalogWrite }.Post("/api/v1/product-types", type);
        Assert.True(answer.Status is 201 or 409, answer.Text);
    }

    /// <summary>Opens an import with files, and starts it.</summary>
    public static async Task<string> Begin(
        this Shop shop,
        object mapping,
        bool isApproved,
        params IReadOnlyList<(string Name, byte[] Bytes)> files
    )
    {
        var opened = (await shop.Importer().Post(ImportWords.Path, new { mapping, approved = isApproved })).Is(201);
        var id = opened.Value("id");
        for (var place = 0; place < files.Count; place++)
        {
            using var body = new ByteArrayContent(files[place].Bytes);
            (
                await shop.Importer()
                    .Send(
                        HttpMethod.Put,
                        $"{ImportWords.Path}/{id}/files/{place}?name={Uri.EscapeDataString(files[place].Name)}",
                        body
                    )
            ).Is(200);
        }
        (await shop.Importer().Post($"{ImportWords.Path}/{id}/start", "")).Is(200);
        return id;
    }

    public static string Id(this JsonElement run) => run.GetProperty("id").GetString()!;

    /// <summary>What it has found, counted by code; what kept a row or a product out has a ! before it.</summary>
    public static async Task<Dictionary<string, long>> Faults(this Shop shop, JsonElement run) =>
        JsonSerializer.Deserialize<Dictionary<string, long>>(
            await shop.Query<string>(
                """
                select coalesce(jsonb_object_agg(code, count), '{}')::text from (
                    select case when fatal then '!' else '' end || code as code, count(*) from import_faults where run = $1 group by 1
                ) told
                """,
                Guid.Parse(run.Id())
            )
        )!;
}
