using System.Text;

namespace Kontor.Bench.Rig;

/// <summary>Goods to shop for: the same at every run, found by their number.</summary>
static class Goods
{
    public const int Count = 10_000;
    public const string Currency = "EUR";
    const int Stock = 1_000_000_000;

    static readonly string[] Colours = ["Grey", "Red", "Blue", "Green", "White", "Black", "Amber", "Violet"];
    static readonly string[] Stuffs = ["Wool", "Linen", "Oak", "Steel", "Cotton", "Glass", "Leather", "Copper"];
    static readonly string[] Things =
    [
        "Jumper",
        "Teapot",
        "Lamp",
        "Chair",
        "Kettle",
        "Bowl",
        "Scarf",
        "Shelf",
        "Basket",
        "Mirror",
        "Clock",
        "Blanket",
        "Mug",
        "Table",
        "Apron",
        "Vase",
    ];

    public static string Sku(int n) => $"B-{n:D7}";

    public static string Slug(int n) => $"thing-{n}";

    public static long Price(int n) => 500 + n % 4_500;

    public static string Title(int n) =>
        $"{Pick(Colours, n)} {Pick(Stuffs, n / Colours.Length)} {Pick(Things, n / 64)} no. {n}";

    public static string Description(int n) =>
        $"A {Pick(Things, n / 64)} of {Pick(Stuffs, n / Colours.Length)}, made to last, number {n} of its series. "
        + "Comes in a box of recycled board with a note on how to care for it, and with a guarantee of five years.";

    /// <summary>What somebody might search for: one word, or two that meet in fewer goods.</summary>
    public static string Query(Random random) =>
        random.Next(2) == 0
            ? Pick(Things, random.Next(Things.Length))
            : $"{Pick(Stuffs, random.Next(Stuffs.Length))}+{Pick(Things, random.Next(Things.Length))}";

    /// <summary>Writes a feed and the mapping that explains it.</summary>
    /// <returns>The paths of both.</returns>
    public static async Task<(string Feed, string Map)> Write(
        string folder,
        int first,
        int count,
        CancellationToken stop
    )
    {
        var (feed, map) = (Path.Combine(folder, $"goods-{first}.csv"), Path.Combine(folder, "goods.json"));
        await using (var file = new StreamWriter(feed))
        {
            await file.WriteLineAsync("sku,slug,title,description,price,stock");
            for (var n = first; n < first + count; n++)
                await file.WriteLineAsync(Line(n).AsMemory(), stop);
        }
        await File.WriteAllTextAsync(
            map,
            $$"""
            {
              "supplier": "bench",
              "files": [{
                "format": "csv",
                "product": {
                  "key": "sku", "slug": "slug", "title": "title", "description": "description",
                  "variants": [
                    { "sku": "sku", "prices": [{ "amount": "price", "currency": "{{Currency}}" }], "stock": "stock" }
                  ]
                }
              }]
            }
            """,
            stop
        );
        return (feed, map);
    }

    static string Line(int n) =>
        new StringBuilder()
            .Append(Sku(n))
            .Append(',')
            .Append(Slug(n))
            .Append(',')
            .Append(Title(n))
            .Append(",\"")
            .Append(Description(n))
            .Append("\",")
            .Append($"{Price(n) / 100}.{Price(n) % 100:D2}")
            .Append(',')
            .Append(Stock)
            .ToString();

    static string Pick(string[] words, int n) => words[n % words.Length];
}
