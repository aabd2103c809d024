using Kontor.Contracts.Catalog;
using Kontor.Kernel;
using Kontor.Platform.Data;
using Kontor.Platform.Http;
using Npgsql;

namespace Kontor.Catalog.Bundles;

/// <summary>A variant that a bundle is made from, or made of, locked until the end of the transaction.</summary>
/// <param name="Version">Of its components, also of those that it had.</param>
sealed record LockedVariant(Guid Id, string Sku, Guid Product, bool IsBundle, long Version, bool IsDeleted);

/// <summary>Reads and writes what bundles are made of.</summary>
/// <remarks>
/// Who changes a bundle locks it and all its components to be, in the order of their ids, as everybody locks variants: so
/// no component becomes a bundle meanwhile, none leaves its product, and nobody counts stock of what becomes a bundle.
/// The desk locks no variant: it takes what it reads, and reads anew where that changed while it waited (StockBatch).
/// </remarks>
static class BundleTable
{
    /// <summary>The components of a variant called v as everybody sees them, in SQL: JSON, null where it is no bundle.</summary>
    public const string ComponentsSql = """
        case when v.is_bundle then (
            select jsonb_agg(jsonb_build_object('sku', part.sku, 'quantity', c.quantity) order by c.position)
            from bundle_components c join variants part on part.id = c.component where c.bundle = v.id
        ) end
        """;

    public static async Task<Dictionary<string, LockedVariant>> Lock(
        Work work,
        IEnumerable<string> skus,
        CancellationToken stop
    )
    {
        await using var hold = work.Command(
            """
            select v.id, v.sku, v.product, v.is_bundle, v.bundle_version,
                (select p.deleted_at is not null from products p where p.id = v.product)
            from variants v where v.sku = any($1) order by v.id for no key update of v
            """,
            (object)skus.Distinct(StringComparer.Ordinal).ToArray()
        );
        var found = new Dictionary<string, LockedVariant>(StringComparer.Ordinal);
        await using var reader = await hold.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add(
                reader.GetString(1),
                new(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetGuid(2),
                    reader.GetBoolean(3),
                    reader.GetInt64(4),
                    reader.GetBoolean(5)
                )
            );
        return found;
    }

    /// <summary>Why a variant cannot become a bundle; else its stock rows, in which there is nothing, are gone.</summary>
    /// <remarks>They go, and do not rest with their terms: the desk that waits for one of them finds none then, and promises
    /// nothing of what has become a bundle.</remarks>
    public static async Task<Rejection?> Clear(Work work, LockedVariant variant, CancellationToken stop)
    {
        await using var look = work.Batch();
        look.Add(
            """
            select b.sku from bundle_components c join variants b on b.id = c.bundle
            where c.component = $1 order by b.sku limit 1
            """,
            variant.Id
        );
        look.Add(
            """
            select location, on_hand, reserved, incoming from stock where variant = $1 order by location for update
            """,
            variant.Id
        );
        look.Add(
            """
            select d.key from delivery_lines l join deliveries d on d.id = l.delivery
            where l.variant = $1 and d.state in ('planned', 'underWay') limit 1
            """,
            variant.Id
        );
        await using (var reader = await look.ExecuteReaderAsync(stop))
        {
            if (await reader.ReadAsync(stop))
                return Rejections.BundleIsComponent.Because($"'{reader.GetString(0)}' is made of it.");
            await reader.NextResultAsync(stop);
            // Judged as they are once they are locked: a desk that held an empty row may have promised a piece of it meanwhile.
            while (await reader.ReadAsync(stop))
                if (reader.GetInt64(1) > 0 || reader.GetInt64(2) > 0 || reader.GetInt64(3) > 0)
                    return Rejections.VariantHasStock.Because($"There is some at '{reader.GetString(0)}'.");
            await reader.NextResultAsync(stop);
            if (await reader.ReadAsync(stop))
                return Rejections.VariantHasStock.Because($"The delivery '{reader.GetString(0)}' brings some.");
        }
        await using var clear = work.Command("delete from stock where variant = $1", variant.Id);
        await clear.ExecuteNonQueryAsync(stop);
        return null;
    }

    /// <summary>Makes the components the given ones, none of them: no bundle any more; the version after it.</summary>
    /// <param name="components">Variants and pieces, in their order.</param>
    public static async Task<long> Write(
        Work work,
        LockedVariant bundle,
        IReadOnlyList<(Guid Variant, int Quantity)> components,
        CancellationToken stop
    )
    {
        await using var write = work.Batch();
        write.Add(
            "delete from bundle_components where bundle = $1 and component <> all($2)",
            bundle.Id,
            components.Select(component => component.Variant).ToArray()
        );
        write.Add(
            """
            insert into bundle_components (bundle, component, quantity, position)
            select $1, component, quantity, place
            from unnest($2::uuid[], $3::int[]) with ordinality as c(component, quantity, place)
            on conflict (bundle, component) do update set quantity = excluded.quantity, position = excluded.position
            """,
            bundle.Id,
            components.Select(component => component.Variant).ToArray(),
            components.Select(component => component.Quantity).ToArray()
        );
        write.Add(
            "update variants set is_bundle = $2, bundle_version = bundle_version + 1 where id = $1",
            bundle.Id,
            components.Count > 0
        );
        await write.ExecuteNonQueryAsync(stop);
        return bundle.Version + 1;
    }

    /// <summary>Null where there is no such variant, or it is no bundle.</summary>
    public static async Task<BundleView?> Find(NpgsqlConnection connection, string sku, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand(
            $"""
            select v.bundle_version, part.sku, c.quantity, p.title, {Visible.Sold()}
            from variants v join bundle_components c on c.bundle = v.id
            join variants part on part.id = c.component join products p on p.id = part.product
            where v.sku = $1 and v.is_bundle order by c.position
            """,
            connection
        ).With(sku);
        var components = new List<ComponentView>();
        long? version = null;
        await using var reader = await find.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            version = reader.GetInt64(0);
            components.Add(new(reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetBoolean(4)));
        }
        return version is { } counted ? new(sku, counted, components) : null;
    }

    /// <summary>Asks which of the variants that leave a product are components, and which are bundles; two results.</summary>
    public static void AddLeaving(NpgsqlBatch part, Guid product, string[] kept)
    {
        part.Add(
            """
            select v.sku from variants v where v.product = $1 and v.sku <> all($2)
            and exists (select from bundle_components c where c.component = v.id) order by v.sku limit 1
            """,
            product,
            kept
        );
        // The desk that is just taking a bundle holds the rows of its components: whoever looks next sees what it took.
        part.Add(
            """
            select s.variant from stock s where s.variant = any(array(
                select c.component from variants v join bundle_components c on c.bundle = v.id
                where v.product = $1 and v.sku <> all($2)
            )) order by s.variant, s.location for update
            """,
            product,
            kept
        );
        part.Add(
            """
            select v.sku from variants v where v.product = $1 and v.sku <> all($2) and v.is_bundle and exists (
                select from reservations r join reservation_bundles b on b.reservation = r.id
                where r.state = 'held' and b.sku = v.sku
            ) order by v.sku limit 1
            """,
            product,
            kept
        );
        part.Add(
            "select sku, bundle_version from variants where product = $1 and sku <> all($2) and is_bundle",
            product,
            kept
        );
    }

    /// <summary>Reads them: a component may not leave, nor a bundle that is held; another bundle is told of.</summary>
    public static async Task<Rejection?> ReadLeaving(
        NpgsqlDataReader reader,
        Work work,
        Guid product,
        CancellationToken stop
    )
    {
        Rejection? refusal = null;
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            refusal = Rejections.VariantInBundle.Because($"'{reader.GetString(0)}' is in one.");
        await reader.NextResultAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            refusal ??= Rejections.VariantHeld.Because($"The bundle '{reader.GetString(0)}' is held.");
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            work.Happened(
                $"bundle-{reader.GetString(0)}",
                new BundleRemoved(reader.GetString(0), reader.GetInt64(1) + 1, product)
            );
        return refusal;
    }

    public static void Changed(Work work, LockedVariant bundle, BundleView view) =>
        work.Happened(
            $"bundle-{bundle.Sku}",
            new BundleChanged(
                bundle.Sku,
                view.Version,
                bundle.Product,
                [.. view.Components.Select(component => new BundleComponent(component.Sku, component.Quantity))]
            )
        );
}
