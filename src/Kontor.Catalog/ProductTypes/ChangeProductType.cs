using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Kontor.Catalog.ProductTypes.Migration;
using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Access;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Kontor.Catalog.ProductTypes;

/// <summary>Gives a type another definition: at once where no live product stands against it, else by a migration.</summary>
static class ChangeProductType
{
    /// <param name="Title">What it is called, 1 to 200 characters.</param>
    /// <param name="Attributes">The whole new list.</param>
    /// <param name="Migration">How values become those of the new definition, at most 200 steps. Where there are any, the
    /// change is made in the background (202), and the products are shown as before until all are converted.</param>
    public sealed record Request(
        [property: Required] string Title,
        [property: Required] IReadOnlyList<AttributeDefinition> Attributes,
        IReadOnlyList<MigrationStep>? Migration = null
    );

    public static void Map(IEndpointRouteBuilder types) =>
        types
            .MapPut("/{type}", Handle)
            .WithName("changeProductType")
            .WithSummary("Changes a product type: at once (200), or by a migration in the background (202)")
            .RequireScope(Scopes.CatalogWrite)
            .Answers(StatusCodes.Status200OK, StatusCodes.Status202Accepted)
            .Refuses(
                Rejections.ProductTypeNotFound,
                Rejections.ProductTypeInvalid,
                Rejections.AttributeUndecided,
                Rejections.ProductTypeBuiltIn,
                Rejections.ProductTypeBreaks,
                Rejections.ProductTypeMigrating,
                Rejections.ProductTypeChangeTooLarge,
                Refusals.PreconditionRequired,
                Refusals.PreconditionFailed
            );

    static async Task<Reply<ProductTypeView>> Handle(
        string type,
        Request wanted,
        HttpContext http,
        CatalogDatabase database,
        TypeBook types,
        CancellationToken stop
    )
    {
        if (Malformed(wanted) is { } malformed)
            return malformed;
        if (!http.ExpectedVersion(required: true).Is(out var expected, out var rejection))
            return rejection;
        if (!Keys.Is(type))
            return Rejections.ProductTypeNotFound;
        if (type == TypeDefinition.Default.Key)
            return Rejections.ProductTypeBuiltIn;
        var judged = await Judge(database, type, wanted, expected, stop);
        try
        {
            return await http.Write(database, work => Store(work, judged, wanted, (types, http.Clock), stop), stop);
        }
        catch (PostgresException raced) when (raced.ConstraintName == "one_migration_of_a_type")
        {
            return Rejections.ProductTypeMigrating;
        }
        catch (PostgresException twice) when (twice.ConstraintName == "attribute_value_once")
        {
            // Written since the verdict; a value is the same as an older one, which only all of them together tell.
            return Rejections.ProductTypeBreaks.Because("A value that is to be unique was just written a second time.");
        }
    }

    /// <summary>The rule: how the values of what stands become those of what is wanted, or what is wrong with that.</summary>
    internal static Result<MigrationPlan> Decide(TypeDefinition standing, Request wanted)
    {
        return Malformed(wanted) is { } malformed
            ? malformed
            : MigrationPlan.Of(standing, wanted.Title, wanted.Attributes, wanted.Migration ?? []);
    }

    /// <summary>What no type at all could take: a list that holds null, a value that cannot be stored.</summary>
    internal static Rejection? Malformed(Request wanted)
    {
        if (CreateProductType.Malformed(wanted.Attributes) is { } malformed)
            return malformed;
        var steps = wanted.Migration ?? [];
        for (var i = 0; i < steps.Count; i++)
            if (steps[i]?.Attribute is null)
                return Rejections.ProductTypeInvalid.At(
                    $"migration[{i}]",
                    "A step is an object with do and attribute."
                );
            else if (steps[i].Value is { } value && !ValueForms.IsStorable(value))
                return Rejections.ProductTypeInvalid.At($"migration[{i}].value", CreateProductType.NotStorable);
        return null;
    }

    /// <param name="Since">What was written from this moment on the verdict may not have seen.</param>
    sealed record Judged(string Since, ProductTypeView Standing, VerdictView Verdict);

    /// <summary>Judges all products, in no transaction: that takes long, and neither a key nor a lock waits for it.</summary>
    /// <remarks>A refusal is told only once the write has found no answer under its key: a repeat gets the first answer,
    /// though the type is no more what it was asked for.</remarks>
    static async Task<Result<Judged>> Judge(
        CatalogDatabase database,
        string key,
        Request wanted,
        long? expected,
        CancellationToken stop
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        var since = await LiveProducts.Now(connection, stop);
        if (await ProductTypeReader.Find(connection, key, stop) is not { } standing)
            return Rejections.ProductTypeNotFound;
        if (expected is { } version && version != standing.Version)
            return Refusals.PreconditionFailed.Because($"The type is at version {standing.Version}.");
        if (standing.Migration is not null)
            return Rejections.ProductTypeMigrating;
        var read = new TypeDefinition(key, standing.Title, standing.Version, 0, standing.Attributes);
        if (!Decide(read, wanted).Is(out var plan, out var wrong))
            return wrong;
        if (!(await LiveProducts.Judge(connection, plan, stop)).Is(out var verdict, out var refused))
            return refused;
        return verdict.Compatible
            ? new Judged(since, standing, verdict)
            : Rejections.ProductTypeBreaks with
            {
                Errors = verdict.Broken,
            };
    }

    /// <remarks>
    /// 1. All products were judged while writers went on, for that takes long. 2. The type is held alone. 3. What was
    /// written since is judged, so that none slips in that the verdict has not seen: writers wait for that only. A
    /// migration needs no third step: whoever writes from here on writes both forms, and the job looks at every product
    /// once more.
    /// </remarks>
    static async Task<Reply<ProductTypeView>> Store(
        Work work,
        Result<Judged> judged,
        Request wanted,
        (TypeBook Types, TimeProvider Clock) with,
        CancellationToken stop
    )
    {
        if (!judged.Is(out var found, out var rejection))
            return rejection;
        var (since, standing, verdict) = found;
        var key = standing.Key;
        if (await with.Types.HoldAlone(work, key, stop) is not { Type: var type, Way: var way })
            return Rejections.ProductTypeNotFound;
        if (type.Version != standing.Version || way is not null)
            return Refusals.PreconditionFailed.Because("The type was changed at the same moment.");
        var plan = Decide(type, wanted).Value;
        if (wanted.Migration is { Count: > 0 } steps)
            return await StartMigration.Store(work, plan, steps, verdict, with.Clock.GetUtcNow(), stop);
        if (verdict.Changes.Count == 0)
            return ListProductTypes.Answer(
                standing,
                position: (await work.Standing($"product-type-{key}", stop)).ToString()
            );
        if (!(await LiveProducts.Judge(work.Connection, plan, stop, since)).Is(out var late, out var tooMany))
            return tooMany;
        if (!late.Compatible)
            return Rejections.ProductTypeBreaks with { Errors = late.Broken };
        await Apply(work, plan, verdict, with.Clock.GetUtcNow(), stop);
        return ListProductTypes.Answer((await ProductTypeReader.Find(work.Connection, key, stop))!);
    }

    static async Task Apply(
        Work work,
        MigrationPlan plan,
        VerdictView verdict,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        await SetDefinition(work, plan.To, verdict.Changes, now, stop);
        await Unique.Follow(work, plan, stop);
        work.Happened(
            $"product-type-{plan.To.Key}",
            new ProductTypeChanged(plan.To.Key, plan.To.Title, plan.To.Version, verdict.Reindex, Migrated: false)
        );
    }

    /// <summary>The definition that stands from the commit on, and the version that is kept of it.</summary>
    internal static async Task SetDefinition(
        Work work,
        TypeDefinition type,
        IReadOnlyList<ChangeView> changes,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var attributes = JsonSerializer.Serialize(type.Attributes, KontorJson.Options);
        await using var batch = work.Batch();
        batch.Add(
            """
            update product_types set title = $2, attributes = $3::jsonb, version = $4, generation = $5, definition = $6
            where key = $1
            """,
            type.Key,
            type.Title,
            attributes,
            type.Version,
            type.Generation,
            Guid.CreateVersion7(now)
        );
        batch.Add(
            """
            insert into product_type_versions (type, version, title, attributes, changes, created_at)
            values ($1, $2, $3, $4::jsonb, $5::jsonb, $6)
            """,
            type.Key,
            type.Version,
            type.Title,
            attributes,
            JsonSerializer.Serialize(changes, KontorJson.Options),
            now
        );
        await batch.ExecuteNonQueryAsync(stop);
    }
}
