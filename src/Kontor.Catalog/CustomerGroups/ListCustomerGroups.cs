using System.ComponentModel.DataAnnotations;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.CustomerGroups;

/// <summary>Lists customer groups by key, and shows one.</summary>
static class ListCustomerGroups
{
    const string Select = "select key, title, version from customer_groups";

    public const string One = $"{Select} where key = $1";

    public static void Map(IEndpointRouteBuilder groups)
    {
        groups
            .MapGet("", Handle)
            .WithName("listCustomerGroups")
            .WithSummary("Lists customer groups by key")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Refusals.InvalidCursor);
        groups
            .MapGet("/{customerGroup}", HandleOne)
            .WithName("getCustomerGroup")
            .WithSummary("Shows a customer group")
            .RequireScope(Scopes.CatalogRead)
            .Refuses(Rejections.CustomerGroupNotFound);
    }

    static async Task<Reply<IReadOnlyList<CustomerGroupView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    )
    {
        var last = "";
        if (after is not null)
        {
            if (!Cursor.Read(after, 1).Is(out var values, out var rejection))
                return rejection;
            last = values[0];
        }
        await using var find = database
            .Source.CreateCommand($"{Select} where key > $1 order by key limit $2")
            .With(last, limit + 1);
        var found = new List<CustomerGroupView>();
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(Of(reader));
        var page = found.Take(limit).ToList();
        return Reply<IReadOnlyList<CustomerGroupView>>.Of(
            page,
            next: found.Count > limit ? Cursor.Write(page[^1].Key) : null
        );
    }

    static async Task<Reply<CustomerGroupView>> HandleOne(
        string customerGroup,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Keys.Is(customerGroup))
            return Rejections.CustomerGroupNotFound;
        var found = await Find(database.Source.CreateCommand(One).With(customerGroup), stop);
        return found is null
            ? Rejections.CustomerGroupNotFound
            : Reply<CustomerGroupView>.Of(found, version: found.Version);
    }

    public static async Task<CustomerGroupView?> Find(NpgsqlCommand find, CancellationToken stop)
    {
        await using (find)
        {
            await using var reader = await find.ExecuteReaderAsync(stop);
            return await reader.ReadAsync(stop) ? Of(reader) : null;
        }
    }

    static CustomerGroupView Of(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2));
}
