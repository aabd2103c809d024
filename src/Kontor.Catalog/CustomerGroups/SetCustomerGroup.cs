using System.ComponentModel.DataAnnotations;
using Kontor.Contracts.Catalog;
using Kontor.Platform.Access;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kontor.Catalog.CustomerGroups;

/// <summary>A customer group: buyers who have prices of their own.</summary>
/// <param name="Version">Counts its changes from 1; the ETag.</param>
public sealed record CustomerGroupView(string Key, string Title, long Version);

/// <summary>Makes a customerGroup, or with If-Match changes one.</summary>
static class SetCustomerGroup
{
    /// <param name="Title">What it is called, 1 to 200 characters.</param>
    public sealed record Request([property: Required, StringLength(200, MinimumLength = 1)] string Title);

    public static void Map(IEndpointRouteBuilder groups) =>
        groups
            .MapPut("/{customerGroup}", Handle)
            .WithName("setCustomerGroup")
            .WithSummary("Makes a customerGroup, or with If-Match changes one")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status201Created)
            .Refuses(Refusals.ValidationFailed, Refusals.PreconditionRequired, Refusals.PreconditionFailed);

    static async Task<Reply<CustomerGroupView>> Handle(
        string customerGroup,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        CancellationToken stop
    )
    {
        if (!Expectation.Of(http).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(customerGroup))
            return Refusals.ValidationFailed.At("customerGroup", Keys.Rule);
        return await http.Write(database, work => Store(work, customerGroup, wanted, expected, stop), stop);
    }

    static async Task<Reply<CustomerGroupView>> Store(
        Work work,
        string key,
        Request wanted,
        Expectation expected,
        CancellationToken stop
    )
    {
        var standing = await ListCustomerGroups.Find(work.Command($"{ListCustomerGroups.One} for update", key), stop);
        if (expected.Decide(standing?.Version) is { } refusal)
            return refusal;
        var view = new CustomerGroupView(key, wanted.Title, standing?.Version ?? 1);
        if (view == standing)
            return await Unchanged(work, view, stop);
        view = standing is null ? view : view with { Version = view.Version + 1 };
        await using var write = work.Command(
            standing is null
                ? "insert into customer_groups values ($1, $2, $3) on conflict do nothing"
                : "update customer_groups set title = $2, version = $3 where key = $1",
            key,
            view.Title,
            view.Version
        );
        if (await write.ExecuteNonQueryAsync(stop) == 0)
            return Refusals.PreconditionRequired; // It came at the same moment.
        work.Happened($"customer-group-{key}", new CustomerGroupSet(key, view.Version, view.Title));
        return standing is null
            ? Reply<CustomerGroupView>.Of(
                view,
                StatusCodes.Status201Created,
                view.Version,
                $"/api/v1/customer-groups/{key}"
            )
            : Reply<CustomerGroupView>.Of(view, version: view.Version);
    }

    static async Task<Reply<CustomerGroupView>> Unchanged(Work work, CustomerGroupView view, CancellationToken stop)
    {
        var reply = Reply<CustomerGroupView>.Of(view, version: view.Version);
        reply.Position = (await work.Standing($"customer-group-{view.Key}", stop)).ToString();
        return reply;
    }
}
