using System.ComponentModel.DataAnnotations;
using GraphQL;
using GraphQL.Types;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Graph;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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

    public static void Field(ObjectGraphType query)
    {
        query
            .Field<NonNullGraphType<CustomerGroupPageGraph>>("customerGroups")
            .Description("Customer groups, by key.")
            .InPages()
            .ResolveAsync(async at =>
                (
                    await Page(
                        at.RequestServices!.GetRequiredService<CatalogDatabase>(),
                        at.First(),
                        at.After(),
                        at.CancellationToken
                    )
                ).OrError()
            )
            .RequireScope(Scopes.CatalogRead);
        query
            .Field<CustomerGroupGraph>("customerGroup")
            .Description("A customer group by its key; null where there is none.")
            .Argument<NonNullGraphType<StringGraphType>>("key")
            .ResolveAsync(async at =>
            {
                var database = at.RequestServices!.GetRequiredService<CatalogDatabase>();
                var key = at.GetArgument<string>("key");
                return Keys.Is(key)
                    ? await Find(database.Source.CreateCommand(One).With(key), at.CancellationToken)
                    : null;
            })
            .RequireScope(Scopes.CatalogRead);
    }

    static async Task<Reply<IReadOnlyList<CustomerGroupView>>> Handle(
        CatalogDatabase database,
        CancellationToken stop,
        [Range(1, 500)] int limit = 100,
        string? after = null
    ) => (await Page(database, limit, after, stop)).ToReply();

    static async Task<Result<Page<CustomerGroupView>>> Page(
        CatalogDatabase database,
        int limit,
        string? after,
        CancellationToken stop
    )
    {
        if (!Paging.Last(after).Is(out var last, out var rejection))
            return rejection;
        var found = await database
            .Source.CreateCommand($"{Select} where key > $1 order by key limit $2")
            .With(last, limit + 1)
            .Rows(Of, stop);
        return found.ToPage(limit, one => one.Key);
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

    public static Task<CustomerGroupView?> Find(NpgsqlCommand find, CancellationToken stop) => find.Row(Of, stop);

    static CustomerGroupView Of(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2));
}
