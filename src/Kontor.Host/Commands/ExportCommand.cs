using System.CommandLine;
using Kontor.Catalog.Exports;

namespace Kontor.Host.Commands;

/// <summary><c>kontor export</c>: the catalogue as one file.</summary>
static class ExportCommand
{
    static readonly Option<ExportFormat> Format = new("--format")
    {
        Description = "ndjson and csv import back as they are; xlsx; google is a feed for the Merchant Center.",
        DefaultValueFactory = _ => ExportFormat.Ndjson,
    };

    static readonly Option<string?> Out = new("--out")
    {
        Description = "The file to write; standard output where left out.",
    };

    static readonly Option<string?> Type = new("--type") { Description = "Only products of this type." };

    static readonly Option<string?> Category = new("--category") { Description = "Only products that stand in it." };

    static readonly Option<string?> Currency = new("--currency") { Description = "Of the prices; for google." };

    static readonly Option<string?> Link = new("--link")
    {
        Description = "The address of a product in the shop, with {slug}; for google.",
    };

    static readonly Option<string?> Images = new("--images")
    {
        Description = "What stands before the addresses of pictures; for google.",
    };

    static readonly Option<bool> Mapping = new("--mapping")
    {
        Description = "Write the mapping file that imports such an export, and nothing else.",
    };

    public static Command Make()
    {
        var command = new Command("export", "Writes products to a file, as they are at one moment.")
        {
            Format,
            Out,
            Type,
            Category,
            Currency,
            Link,
            Images,
            Mapping,
            Shared.Data,
            Shared.Json,
        };
        command.SetAction(Run);
        return command;
    }

    static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var (isJson, format) = (parsed.GetValue(Shared.Json), parsed.GetValue(Format));
        if (parsed.GetValue(Mapping))
        {
            Console.WriteLine(ProductExport.MappingOf(format));
            return 0;
        }
        var google = (parsed.GetValue(Currency), parsed.GetValue(Link), parsed.GetValue(Images));
        var told = ProductExport.Wanted(format, parsed.GetValue(Type), parsed.GetValue(Category), google);
        if (!told.Is(out var wanted, out var wrong))
            return Answer.Fail(isJson, wrong);
        return await Shared.WithServices(
            parsed,
            async (services, _) =>
            {
                var export = services.Of<ProductExport>("catalog");
                System.IO.Stream? into = null;
                try
                {
                    var refused = await export.Write(
                        wanted,
                        () =>
                            into = parsed.GetValue(Out) is { } file ? File.Create(file) : Console.OpenStandardOutput(),
                        stop
                    );
                    return refused is null ? 0 : Answer.Fail(isJson, refused);
                }
                finally
                {
                    if (into is not null)
                        await into.DisposeAsync();
                }
            },
            stop
        );
    }
}
